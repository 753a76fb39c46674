import type { ApiClient } from '../../cli/api-client.ts';
import type { DataSet, Question } from '../data-sets/data-set.ts';
import { CONTEXT_LENGTH, type Hit, type QuestionFigures, scoreQuestion } from '../figures/score-question.ts';
import type { Measured } from '../figures/to-report-entry.ts';
import { runParallel } from './run-parallel.ts';

export const searchModes = ['hybrid', 'vector', 'lexical'] as const;
export type SearchMode = (typeof searchModes)[number];

/** The most that a search gives: enough passages for a ranking of documents. */
const RANKED_PASSAGES = 100;
const QUESTIONS_AT_ONCE = 4;
/** What people see of a search, and so what they wait for. */
const SHOWN_PASSAGES = 10;
/** One at a time, nothing else going on; enough for a 95th percentile. */
const TIMED_QUESTIONS = 200;
const WARM_UP_QUESTIONS = 10;

/** About a passage more than the context that is measured, which is cut to its length: excerpts are whole passages. */
const EXCERPT_CHARACTERS = CONTEXT_LENGTH + 700;

type Place = { document_id: number; start: number; end: number };

type Asking = {
  set: Pick<DataSet, 'ranks' | 'wantsText' | 'questions'>;
  mode: SearchMode;
  /** The set's names of a document on the server. */
  namesOf: (documentId: number) => string[];
  onProgress: (done: number) => void;
};

/** Asks every question in one mode, first for the ranking, then for the time it takes. */
export async function askQuestions(
  client: ApiClient,
  { set, mode, namesOf, onProgress }: Asking,
): Promise<Pick<Measured, 'questions' | 'answered' | 'latenciesMs'>> {
  const questions = new Map<string, QuestionFigures>();
  const answered: Measured['answered'] = { answerable: [], unanswerable: [] };
  let done = 0;
  const outcomes = await runParallel(set.questions, QUESTIONS_AT_ONCE, async question => {
    const { results, excerpts = [] } = await client.search(question.text, {
      mode,
      topK: RANKED_PASSAGES,
      excerptCharacters: set.wantsText ? EXCERPT_CHARACTERS : undefined,
    });
    done += 1;
    onProgress(done);
    const toHit = ({ document_id, start, end }: Place): Hit => ({
      documentIds: namesOf(document_id),
      start,
      end,
    });
    const found = {
      hits: results.map(toHit),
      excerpts: excerpts.map(excerpt => ({ ...toHit(excerpt), text: excerpt.text })),
    };
    const figures = question.targets.length > 0 ? scoreQuestion(question, found, set) : undefined;
    return { figures, hasEvidence: results.some(({ evidence }) => evidence) };
  });
  for (const [index, { id }] of set.questions.entries()) {
    const { figures, hasEvidence = false } = outcomes[index] ?? {};
    if (figures) questions.set(id, figures);
    answered[figures ? 'answerable' : 'unanswerable'].push(hasEvidence);
  }
  return { questions, answered, latenciesMs: await timeQuestions(client, set.questions, mode) };
}

async function timeQuestions(client: ApiClient, questions: Question[], mode: SearchMode): Promise<number[]> {
  const step = Math.max(1, questions.length / TIMED_QUESTIONS);
  const chosen = Array.from(
    { length: Math.min(questions.length, TIMED_QUESTIONS) },
    (_, index) => questions[Math.floor(index * step)]?.text ?? '',
  );
  const search = (text: string) => client.search(text, { mode, topK: SHOWN_PASSAGES });
  for (const text of chosen.slice(0, WARM_UP_QUESTIONS)) await search(text);
  const latenciesMs: number[] = [];
  for (const text of chosen) {
    const startedAt = performance.now();
    await search(text);
    latenciesMs.push(performance.now() - startedAt);
  }
  return latenciesMs;
}
