import { withoutCjkQuestions } from '../../server/lexical/analysis/stop-words.ts';

/** The word that is asked with, with what it asks for ("which city", "how many days"), and a "do" after it. */
const asked =
  /\b(?:(?:what|which|whose)(?:\s+(?!(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|may|might)\b)[\p{L}\p{N}'’-]+){0,2}|how\s+(?:many|much|long|old|far|often|big|large|high|tall)(?:\s+(?!(?:is|are|was|were|did|does|do|has|have|had|can|could)\b)[\p{L}'’-]+)?|who|whom|when|where|why|how)\b(?:\s+(?:did|does|do)\b)?/iu;

/**
 * A question and its answer as one sentence: in English the answer stands where it was asked for ("When was Otto
 * born?" and "1862" are "1862 was Otto born."), in other languages behind the question.
 */
export function stateAnswer(question: string, answer: string): string {
  const bare = question.trim().replace(/^[¿\s]+|[?？\s]+$/g, '');
  const match = asked.exec(bare);
  if (!match) return `${withoutCjkQuestions(bare)}: ${answer}.`;
  const [phrase] = match;
  // What is asked for stays: "which city" is a city.
  const noun = phrase
    .replace(/^(?:what|which|whose|how\s+\S+|who|whom|when|where|why|how)\b|\b(?:did|does|do)$/giu, '')
    .trim();
  return `${bare.slice(0, match.index)}${answer}${noun && ` ${noun}`}${bare.slice(match.index + phrase.length)}.`;
}
