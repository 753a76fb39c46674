export const DIMENSIONS = 64;
const CLUSTERS = 40;
/** How far a vector lies from the middle of its cluster, whose length is 1. */
const SPREAD = 0.8;

/** Vectors of unit length around the middles of clusters, as texts about the same have them; the same for the same index. */
export function clusteredVector(index: number): Float32Array {
  const middle = randomDirection(-1 - (index % CLUSTERS));
  const own = randomDirection(index);
  return unitLength(middle.map((value, at) => value + SPREAD * (own[at] ?? 0)));
}

export const dotProduct = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

function randomDirection(seed: number): Float32Array {
  let state = Math.imul(seed, 0x9e3779b1);
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  // The sum of several is nearly normal, and so the direction nearly uniform.
  return unitLength(Float32Array.from({ length: DIMENSIONS }, () => random() + random() + random() - 1.5));
}

function unitLength(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dotProduct(vector, vector));
  return vector.map(value => value / length);
}
