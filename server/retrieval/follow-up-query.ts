/** What is searched for a question: "and who wrote it?" finds nothing without the turns before. */
export type SearchQuery = {
  /** For words: texts with weights, the question first. */
  texts: { text: string; weight: number }[];
  /** For the vector: the mean of their embeddings, of unit length. A text that is listed twice counts twice. */
  embedded: string[];
};

const QUESTION_WEIGHT = 3;
const DECAY_PER_TURN = 0.7;
/** Older turns would weigh less than a tenth of what the one before the question does. */
const MOST_EARLIER_QUESTIONS = 6;
/** Of all turns joined. An embedding takes as long as its text is; beyond, nothing is gained (decision 0017). */
const MOST_JOINED_CHARACTERS = 500;

/**
 * The words of the last question count most, those of each turn before it less. The vector is the mean of two
 * embeddings: of the question, twice, and of all turns joined, the newest first (evaluation/follow-ups.ts
 * measures this and what else was tried).
 *
 * @param earlierQuestions the user's turns before this one, newest first
 *
 * @example
 * composeSearchQuery('Who wrote it?', ['What is Middlemarch?'])
 * // texts: 3 × 'Who wrote it?', 0.7 × 'What is Middlemarch?'
 * // embedded: 'Who wrote it?' twice, 'Who wrote it?\nWhat is Middlemarch?'
 */
export function composeSearchQuery(question: string, earlierQuestions: readonly string[]): SearchQuery {
  const earlier = distinct(question, earlierQuestions);
  const joined = joinWithin(MOST_JOINED_CHARACTERS, [question, ...earlier]);
  return {
    texts: [
      { text: question, weight: QUESTION_WEIGHT },
      ...earlier
        .slice(0, MOST_EARLIER_QUESTIONS)
        .map((text, index) => ({ text, weight: DECAY_PER_TURN ** (index + 1) })),
    ],
    embedded: joined === question ? [question] : [question, question, joined],
  };
}

/** The earlier questions without empty ones and without those that were asked again later. */
function distinct(question: string, earlierQuestions: readonly string[]): string[] {
  const earlier = new Set(earlierQuestions);
  earlier.delete(question);
  return [...earlier].filter(text => text.trim() !== '');
}

/** As many whole texts as fit, the first one always. */
function joinWithin(mostCharacters: number, texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let joined = first;
  for (const text of others) {
    if (joined.length + 1 + text.length > mostCharacters) break;
    joined += `\n${text}`;
  }
  return joined;
}
