const WORDS_PER_SHINGLE = 3;
/** Share of common shingles (Jaccard) from which on two texts say the same (Broder 1997). */
const NEAR_DUPLICATE = 0.8;

/** What stands in a text, three words at a time. */
export function shinglesOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const shingles = new Set<string>();
  for (let at = 0; at <= Math.max(0, words.length - WORDS_PER_SHINGLE); at += 1)
    shingles.add(words.slice(at, at + WORDS_PER_SHINGLE).join(' '));
  return shingles;
}

export function areNearDuplicates(a: Set<string>, b: Set<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  if (small.size < NEAR_DUPLICATE * large.size) return false;
  let common = 0;
  for (const shingle of small) if (large.has(shingle)) common += 1;
  return common >= NEAR_DUPLICATE * (a.size + b.size - common);
}
