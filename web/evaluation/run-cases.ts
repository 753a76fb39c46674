import { modes, type SearchMode, type SearchResult, search } from '../api/search.ts';
import type { EvaluationCase } from './use-cases.ts';

const TOP = 10;

/** The rank at which a search finds a passage of the case, 1 for the first; undefined when not among the first ten. */
export type CaseRanks = { id: number } & Record<SearchMode, number | undefined>;

/** Asks the searches every question, one after the other: they must not slow down who is answered meanwhile. */
export async function runCases(cases: EvaluationCase[], onDone: (done: CaseRanks) => void): Promise<void> {
  for (const one of cases) {
    const ranks: CaseRanks = { id: one.id, hybrid: undefined, vector: undefined, lexical: undefined };
    for (const mode of modes) ranks[mode] = rankOf(one, (await search(one.question, mode, TOP)).results);
    onDone(ranks);
  }
}

function rankOf({ passages }: EvaluationCase, results: SearchResult[]): number | undefined {
  const at = results.findIndex(result =>
    passages.some(
      passage =>
        passage.state !== 'gone' &&
        passage.document_id === result.document_id &&
        passage.start < result.end &&
        result.start < passage.end,
    ),
  );
  return at < 0 ? undefined : at + 1;
}
