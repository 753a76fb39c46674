/** How well a probability tells questions with an answer from those without. */

export type RefusalCurve = {
  /** Of the receiver operating characteristic: 0.5 is chance, 1 is perfect. */
  auc: number;
  /** Share of the questions without an answer that are refused, by the share of those with one refused too. 0–1. */
  points: { wrongRefusals: number; refused: number }[];
};

/** @param answerable, unanswerable the probabilities given to each question that something answers it. */
export function refusalCurve(answerable: number[], unanswerable: number[]): RefusalCurve {
  const thresholds = [...new Set([...answerable, ...unanswerable])].sort((a, b) => a - b);
  const sortedYes = answerable.toSorted((a, b) => a - b);
  const sortedNo = unanswerable.toSorted((a, b) => a - b);
  const points = [...thresholds, Number.POSITIVE_INFINITY].map(threshold => ({
    wrongRefusals: countBelow(sortedYes, threshold) / sortedYes.length,
    refused: countBelow(sortedNo, threshold) / sortedNo.length,
  }));
  let auc = 0;
  for (const [index, { wrongRefusals, refused }] of points.entries()) {
    const before = points[index - 1] ?? { wrongRefusals: 0, refused: 0 };
    auc += ((wrongRefusals - before.wrongRefusals) * (refused + before.refused)) / 2;
  }
  return { auc, points };
}

/** The most that can be refused of what has no answer with at most so many wrong refusals; all shares 0–1. */
export const refusedAt = ({ points }: RefusalCurve, wrongRefusals: number): number =>
  Math.max(...points.filter(point => point.wrongRefusals <= wrongRefusals).map(({ refused }) => refused));

/** The greatest threshold below which at most that share of what has an answer lies. */
export function thresholdAt(answerable: number[], wrongRefusals: number): number {
  const sorted = answerable.toSorted((a, b) => a - b);
  return sorted[Math.floor(wrongRefusals * sorted.length)] ?? 1;
}

/** How many of the ascending numbers lie below. */
function countBelow(sorted: number[], threshold: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
