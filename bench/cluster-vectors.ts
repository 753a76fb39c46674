import { createRandom } from './texts.ts';

/** How much of a second text a vector takes up, and how far it is then pushed anywhere, per number. */
const LEAST_SECOND = 0.3;
const MOST_SECOND = 0.7;
const NOISE = 0.03;

/**
 * As many vectors as wanted, of unit length: first the real ones, then mixtures of two of them with some noise,
 * which lie around the real ones as texts about the same things do.
 */
export function clusterVectors(real: Float32Array[]): (index: number) => Float32Array {
  return index => {
    const own = real[index];
    if (own) return own;
    const random = createRandom(index);
    const pick = () => real[Math.floor(random() * real.length)] ?? new Float32Array();
    const [first, second] = [pick(), pick()];
    const share = LEAST_SECOND + (MOST_SECOND - LEAST_SECOND) * random();
    // Three of them make a nearly normal number.
    const noise = () => 2 * NOISE * (random() + random() + random() - 1.5);
    const mixed = first.map((value, at) => value + share * (second[at] ?? 0) + noise());
    const length = Math.hypot(...mixed);
    return mixed.map(value => value / length);
  };
}
