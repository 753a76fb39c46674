import { chooseQuotes } from '../../server/chat/quoting/choose-quotes.ts';
import { rankSentences } from '../../server/chat/quoting/rank-sentences.ts';
import { evidenceSigns } from '../../server/chat/refusing/evidence-signs.ts';
import { weighEvidence } from '../../server/chat/refusing/weigh-evidence.ts';
import type { Question } from '../data-sets/data-set.ts';
import { runParallel } from '../measuring/run-parallel.ts';
import { holdsAnswer } from './holds-answer.ts';
import type { Answering } from './open-answering.ts';
import type { AnswerSet } from './read-answer-set.ts';

/** What was found and quoted for a question. */
export type AskedQuestion = {
  id: string;
  answerable: boolean;
  probability: number;
  verdict: string;
  /** The place of the first sentence that holds the answer; null: none of the ranked. */
  rank: number | null;
  isQuoted: boolean;
  words: number;
  /** Of the best sentence’s document. */
  language: string | null;
  signs: Record<string, number>;
  quickSigns: Record<string, number>;
};

type Asking = {
  set: AnswerSet;
  questions: Question[];
  /** Ask without the documents that hold the answer, too: those questions have none then. */
  isHeldOut: boolean;
  onProgress: (done: number) => void;
};

const QUESTIONS_AT_ONCE = 4;
/** As an answer has (server/chat/answering/answer-graph.ts). */
const EXCERPT_CHARACTERS = 10_000;

export async function askForAnswers(
  answering: Answering,
  { set, questions, isHeldOut, onProgress }: Asking,
): Promise<AskedQuestion[]> {
  let done = 0;
  const asked = await runParallel(questions, QUESTIONS_AT_ONCE, async question => {
    const found = [await ask(answering, set, question, undefined)];
    if (isHeldOut) found.push(await ask(answering, set, question, without(answering, question)));
    done += 1;
    onProgress(done);
    return found;
  });
  return asked.flat();
}

/** All documents but those that answer. */
function without({ ids }: Answering, { targets }: Question): number[] {
  const wanted = new Set(targets.map(({ documentId }) => documentId));
  return [...ids].filter(([, names]) => !names.some(name => wanted.has(name))).map(([id]) => id);
}

async function ask(
  { retriever, embedder, workspaceId }: Answering,
  { answers }: AnswerSet,
  { id, text: question, targets }: Question,
  documentIds: number[] | undefined,
): Promise<AskedQuestion> {
  const excerptCharacters = EXCERPT_CHARACTERS;
  const found = await retriever.retrieve({
    workspaceId,
    question,
    documentIds,
    scope: {},
    excerptCharacters,
  });
  const { ranking, evidence } = await weighEvidence(question, found, embedder);
  const quick = await rankSentences({ ...found, question, embed: undefined });
  const quotes = chooseQuotes(ranking.ranked, ranking.sentences);
  const key = answers.get(id) ?? { texts: [], sentences: [] };
  const place = ranking.ranked.findIndex(({ sentence }) => holdsAnswer(sentence.text, key));
  return {
    id,
    answerable: targets.length > 0 && documentIds === undefined,
    probability: evidence.probability,
    verdict: evidence.verdict,
    rank: place < 0 ? null : place + 1,
    isQuoted: quotes.some(({ text }) => holdsAnswer(text, key)),
    words: quotes.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0),
    language: ranking.ranked[0]?.sentence.passage.language ?? null,
    signs: evidence.signs,
    quickSigns: evidenceSigns(question, quick),
  };
}
