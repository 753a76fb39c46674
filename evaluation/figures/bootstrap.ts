/** A range of means: [2.5 %, 97.5 %]. */
export type Interval = [low: number, high: number];

const RESAMPLES = 2_000;
const SEED = 20_260_101;

/**
 * The 95 % confidence interval of the mean by the percentile bootstrap (Efron 1979; for retrieval Sakai 2006):
 * the questions are drawn again and again with replacement. Seeded: the same values give the same interval.
 */
export function bootstrapInterval(values: number[]): Interval {
  const random = seededRandom(SEED);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw += 1)
      sum += values[Math.floor(random() * values.length)] ?? 0;
    return sum / values.length;
  }).sort((a, b) => a - b);
  return [quantile(means, 0.025), quantile(means, 0.975)];
}

/** By linear interpolation between the two nearest values. */
function quantile(sorted: number[], share: number): number {
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)] ?? 0;
  const high = sorted[Math.ceil(position)] ?? 0;
  return low + (high - low) * (position % 1);
}

/** mulberry32: uniform in [0, 1), the same sequence for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
