/** The figures of one question, each 0 to 1, from the ranks at which its targets were found. */

/** A target and its rank among what was found, from 1; undefined: not found. */
export type FoundTarget = { gain: number; rank: number | undefined };

export const cutoffs = [1, 3, 5, 10, 20] as const;
const DEPTH = 10;

/**
 * Normalised discounted cumulative gain as trec_eval has it: the gain is the judged relevance, the discount
 * log2(rank + 1) (Järvelin and Kekäläinen 2002). A target counts once, at its best rank; several passages can
 * be found by one rank, so the quotient is at most 1 by definition here.
 *
 * @example ndcg([{ gain: 1, rank: 2 }]) // 1 / log2(3)
 */
export function ndcg(targets: FoundTarget[]): number {
  const ideal = targets
    .map(({ gain }) => gain)
    .toSorted((a, b) => b - a)
    .slice(0, DEPTH)
    .reduce((sum, gain, index) => sum + discounted(gain, index + 1), 0);
  const actual = targets.reduce(
    (sum, { gain, rank }) => sum + (rank !== undefined && rank <= DEPTH ? discounted(gain, rank) : 0),
    0,
  );
  return Math.min(1, actual / ideal);
}

const discounted = (gain: number, rank: number) => gain / Math.log2(rank + 1);

/** The share of the targets that are among the first `cutoff`. */
export function recall(targets: FoundTarget[], cutoff: number): number {
  return targets.filter(({ rank }) => rank !== undefined && rank <= cutoff).length / targets.length;
}

/** 1 / the rank of the first target found, 0 when it is not among the first ten. */
export function reciprocalRank(targets: FoundTarget[]): number {
  const first = Math.min(...targets.map(({ rank }) => rank ?? Number.POSITIVE_INFINITY));
  return first <= DEPTH ? 1 / first : 0;
}
