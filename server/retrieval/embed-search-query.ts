import type { SearchQuery } from './follow-up-query.ts';

/**
 * The vector of a search query: the mean of its texts' embeddings, of unit length. Embeds each text once.
 *
 * @param embed gives a vector of unit length
 */
export async function embedSearchQuery(
  { embedded }: SearchQuery,
  embed: (text: string) => Promise<Float32Array>,
): Promise<Float32Array> {
  const distinct = [...new Set(embedded)];
  const vectors = await Promise.all(distinct.map(embed));
  const [first] = vectors;
  if (!first) throw new Error('there is nothing to embed');
  if (vectors.length === 1) return first;
  const sum = new Float64Array(first.length);
  for (const [index, vector] of vectors.entries()) {
    const times = embedded.filter(text => text === distinct[index]).length;
    for (const [place, number] of vector.entries()) sum[place] = (sum[place] ?? 0) + times * number;
  }
  // Vectors that cancel each other out have no mean direction.
  const length = Math.hypot(...sum);
  return length === 0 ? first : Float32Array.from(sum, number => number / length);
}
