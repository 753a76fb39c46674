import type { SearchMode } from '../api/search.ts';
import type { CaseRanks } from './run-cases.ts';

const depths = [1, 3, 5, 10] as const;
const modes = ['hybrid', 'vector', 'lexical'] as const satisfies SearchMode[];

/** The share of the cases that are found among the first 1, 3, 5 and 10, per kind of search. */
export function sharesFound(ranks: CaseRanks[]) {
  return depths.map(depth => ({
    depth,
    shares: Object.fromEntries(
      modes.map(mode => [
        mode,
        ranks.filter(one => (one[mode] ?? Number.POSITIVE_INFINITY) <= depth).length / ranks.length,
      ]),
    ) as Record<SearchMode, number>,
  }));
}
