/**
 * The postings of a term in one page of passage ids: n offsets of passages from the page's first id (uint16,
 * little endian, ascending), then n term frequencies (uint8, 255 for more): 3 bytes a posting.
 */
export type Postings = { offsets: Uint16Array; frequencies: Uint8Array };

/** Passage ids in a page. A page's block of a word that stands in every passage has 48 KB. */
export const passagesPerPage = 16_384;

export const pageOf = (passageId: number): number => Math.floor(passageId / passagesPerPage);
export const offsetInPage = (passageId: number): number => passageId % passagesPerPage;

export function encodePostings({ offsets, frequencies }: Postings): Buffer {
  const data = Buffer.allocUnsafe(3 * offsets.length);
  for (const [index, offset] of offsets.entries()) data.writeUInt16LE(offset, 2 * index);
  data.set(frequencies, 2 * offsets.length);
  return data;
}

/** Views of the data where its alignment allows it. */
export function decodePostings(data: Buffer): Postings {
  const count = data.length / 3;
  const aligned = data.byteOffset % 2 === 0 ? data : Buffer.from(new Uint8Array(data).buffer);
  return {
    offsets: new Uint16Array(aligned.buffer, aligned.byteOffset, count),
    frequencies: aligned.subarray(2 * count),
  };
}

/** Both; a passage that stands in both counts once. */
export function unitePostings(first: Postings, second: Postings): Postings {
  const offsets = new Uint16Array(first.offsets.length + second.offsets.length);
  const frequencies = new Uint8Array(offsets.length);
  let size = 0;
  let left = 0;
  let right = 0;
  while (left < first.offsets.length || right < second.offsets.length) {
    const leftOffset = first.offsets[left] ?? passagesPerPage;
    const rightOffset = second.offsets[right] ?? passagesPerPage;
    const isLeft = leftOffset <= rightOffset;
    offsets[size] = Math.min(leftOffset, rightOffset);
    frequencies[size] = (isLeft ? first.frequencies[left] : second.frequencies[right]) ?? 0;
    size += 1;
    if (isLeft) left += 1;
    if (rightOffset <= leftOffset) right += 1;
  }
  return { offsets: offsets.slice(0, size), frequencies: frequencies.slice(0, size) };
}

/** Without those from `start` to before `end`. */
export function withoutRange({ offsets, frequencies }: Postings, start: number, end: number): Postings {
  const keeps = (_: number, index: number) => {
    const offset = offsets[index] ?? 0;
    return offset < start || offset >= end;
  };
  return { offsets: offsets.filter(keeps), frequencies: frequencies.filter(keeps) };
}
