import { ApiClient } from '../../cli/api-client.ts';
import type { Config } from '../../server/config.ts';
import type { Logger } from '../../server/logger.ts';
import type { LexicalParts } from '../../server/retrieval/lexical/score-words.ts';
import type { DataSet, Target } from '../data-sets/data-set.ts';
import { ingestSet } from '../measuring/ingest-set.ts';
import { type MeasuringFolder, openMeasuringApp } from '../measuring/open-measuring-app.ts';
import { runParallel } from '../measuring/run-parallel.ts';

/** A passage that may be found, with all that its score is made of. */
export type Candidate = {
  documentIds: string[];
  start: number;
  end: number;
  /** Undefined for one that words alone found: it only says how good the best by words is. */
  cosine: number | undefined;
  parts: LexicalParts;
  language: string | null;
};

export type ScoredQuestion = { targets: Target[]; candidates: Candidate[] };
export type ScoredSet = { name: string; ranks: DataSet['ranks']; questions: ScoredQuestion[] };

type Options = { config: Config; logger: Logger; folder: MeasuringFolder; mostQuestions: number };

const DEEPEST = 100;
const QUESTIONS_AT_ONCE = 4;

/** Searches for the set's questions, evenly chosen among all, through the real app. */
export async function collectScores(set: DataSet, options: Options): Promise<ScoredSet> {
  const signal = new AbortController().signal;
  const app = await openMeasuringApp(set, {
    ...options,
    fresh: false,
    onDatabaseLost: error => {
      throw error;
    },
  });
  try {
    const client = new ApiClient(app, signal);
    const ids = await ingestSet(client, set, { signal, onProgress: () => {} });
    const languages = new Map<number, string | null>();
    for (const { id, language } of await client.listDocuments()) languages.set(id, language);
    const answerable = set.questions.filter(({ targets }) => targets.length > 0);
    const step = Math.max(1, answerable.length / options.mostQuestions);
    const chosen = answerable.filter(
      (_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step),
    );
    const questions = await runParallel(chosen, QUESTIONS_AT_ONCE, async ({ text, targets }) => {
      const found = new Map<number, Candidate>();
      for (const mode of ['lexical', 'hybrid'] as const) {
        const { results } = await client.search(text, { mode, topK: DEEPEST });
        for (const { passage_id, document_id, start, end, scores } of results)
          found.set(passage_id, {
            documentIds: ids.get(document_id) ?? [],
            start,
            end,
            cosine: scores.vector ?? undefined,
            parts: {
              passage: scores.words,
              window: scores.window,
              subwords: scores.subwords,
              name: scores.name,
            },
            language: languages.get(document_id) ?? null,
          });
      }
      return { targets, candidates: [...found.values()] };
    });
    return { name: set.name, ranks: set.ranks, questions };
  } finally {
    await app.close();
  }
}
