import { type QuantisedVectors, signsOf } from './quantised-vectors.ts';

/** Slots that follow each other: the passages of a version. */
export type SlotRange = { first: number; count: number };
export type NearSlot = { slot: number; similarity: number };

/** Slots up to which all are compared by their codes. */
const MOST_COMPARED = 4_000;
/** Slots compared by their codes for each that is wanted, and at least, when the signs have chosen them. */
const CANDIDATES_PER_SLOT = 10;
const LEAST_CANDIDATES = 1_000;
/** Less than any cosine. */
const NO_VECTOR = -2;

/** The nearest slots, nearest first; of equal ones the first. The ranges may not overlap. */
export function scanVectors(
  vectors: QuantisedVectors,
  question: Float32Array,
  { ranges, limit }: { ranges: SlotRange[]; limit: number },
): NearSlot[] {
  const total = ranges.reduce((sum, { count }) => sum + count, 0);
  const candidates = Math.max(LEAST_CANDIDATES, CANDIDATES_PER_SLOT * limit);
  const slots =
    total <= Math.max(MOST_COMPARED, candidates)
      ? listSlots(ranges, total)
      : chooseBySigns(vectors, signsOf(question), { ranges, total, candidates });
  return nearestOf(vectors, question, slots, limit);
}

function listSlots(ranges: SlotRange[], total: number): Int32Array {
  const slots = new Int32Array(total);
  let at = 0;
  for (const { first, count } of ranges)
    for (let index = 0; index < count; index += 1) slots[at++] = first + index;
  return slots;
}

/** Numbers alone are sorted to know the least that is wanted: a tenth of the time of sorting all slots. */
function nearestOf(
  vectors: QuantisedVectors,
  question: Float32Array,
  slots: Int32Array,
  limit: number,
): NearSlot[] {
  const similarities = new Float64Array(slots.length).fill(NO_VECTOR);
  for (let index = 0; index < slots.length; index += 1)
    similarities[index] = vectors.similarity(slots[index] ?? 0, question) ?? NO_VECTOR;
  const least = similarities.toSorted()[Math.max(0, slots.length - limit)] ?? NO_VECTOR;
  const near: NearSlot[] = [];
  for (const [index, similarity] of similarities.entries())
    if (similarity >= least && similarity > NO_VECTOR) near.push({ slot: slots[index] ?? 0, similarity });
  return near.sort((a, b) => b.similarity - a.similarity || a.slot - b.slot).slice(0, limit);
}

type Choice = { ranges: SlotRange[]; total: number; candidates: number };

/** The slots that differ least in their signs: as many as wanted, and all that differ as much as the last. */
function chooseBySigns(
  vectors: QuantisedVectors,
  signs: Int32Array,
  { ranges, total, candidates }: Choice,
): Int32Array {
  const differences = new Uint16Array(total);
  let at = 0;
  for (const { first, count } of ranges) {
    vectors.countDifferences(first, count, signs, differences, at);
    at += count;
  }
  const { most, met } = mostDifferences(differences, 32 * signs.length, candidates);
  const chosen = new Int32Array(met);
  let kept = 0;
  at = 0;
  for (const { first, count } of ranges) {
    for (let index = 0; index < count; index += 1)
      if ((differences[at + index] ?? 0) <= most) chosen[kept++] = first + index;
    at += count;
  }
  return chosen;
}

/** The number of differences that at least so many candidates do not exceed, and how many these are (counting sort). */
function mostDifferences(differences: Uint16Array, bits: number, candidates: number) {
  const counts = new Uint32Array(bits + 1);
  for (const number of differences) counts[number] = (counts[number] ?? 0) + 1;
  let met = 0;
  let most = 0;
  for (; most <= bits; most += 1) {
    met += counts[most] ?? 0;
    if (met >= candidates) break;
  }
  return { most, met };
}
