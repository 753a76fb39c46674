/** The most passages of a run: positions in it fit a byte. */
export const maxRunPassages = 50;

/** How often a term, by its hash, stands in a passage. */
export type TermCounts = Map<number, number>;

const HEADER_BYTES = 4;
const MOST_COUNTED = 255;

/**
 * The terms of some passages that follow each other, by term: their number T (uint32), T hashes (int32,
 * ascending), T ends of their postings (uint32), then the postings' positions in the run and their
 * frequencies (uint8 each). Little endian.
 */
export function encodeRun(passages: readonly TermCounts[]): Buffer {
  if (passages.length > maxRunPassages) throw new RangeError(`a run of ${passages.length} passages`);
  const postingsOf = new Map<number, number[]>();
  let postingCount = 0;
  for (const [position, counts] of passages.entries())
    for (const [term, count] of counts) {
      const postings = postingsOf.get(term);
      const posting = (position << 8) | Math.min(count, MOST_COUNTED);
      if (postings) postings.push(posting);
      else postingsOf.set(term, [posting]);
      postingCount += 1;
    }
  const terms = Int32Array.from(postingsOf.keys()).sort();
  const data = Buffer.alloc(HEADER_BYTES + 8 * terms.length + 2 * postingCount);
  data.writeUInt32LE(terms.length, 0);
  const firstPosition = HEADER_BYTES + 8 * terms.length;
  let end = 0;
  for (const [index, term] of terms.entries()) {
    for (const posting of postingsOf.get(term) ?? []) {
      data[firstPosition + end] = posting >> 8;
      data[firstPosition + postingCount + end] = posting & 0xff;
      end += 1;
    }
    data.writeInt32LE(term, HEADER_BYTES + 4 * index);
    data.writeUInt32LE(end, HEADER_BYTES + 4 * (terms.length + index));
  }
  return data;
}

/** A run as it was saved, to look terms up in. */
export class IndexRun {
  /** Ascending. */
  readonly terms: Int32Array;
  readonly #ends: Uint32Array;
  readonly #positions: Uint8Array;
  readonly #frequencies: Uint8Array;

  constructor(data: Uint8Array) {
    // A copy of its own: buffers of the driver are slices at any address and keep their whole chunk alive.
    const bytes = Uint8Array.from(data);
    const count = new DataView(bytes.buffer).getUint32(0, true);
    this.terms = new Int32Array(bytes.buffer, HEADER_BYTES, count);
    this.#ends = new Uint32Array(bytes.buffer, HEADER_BYTES + 4 * count, count);
    const firstPosition = HEADER_BYTES + 8 * count;
    const postingCount = (bytes.length - firstPosition) / 2;
    this.#positions = bytes.subarray(firstPosition, firstPosition + postingCount);
    this.#frequencies = bytes.subarray(firstPosition + postingCount);
  }

  get byteLength(): number {
    return this.terms.buffer.byteLength;
  }

  /** Positions in the run and frequencies of the term with this index in `terms`. */
  postingsAt(index: number): { positions: Uint8Array; frequencies: Uint8Array } {
    const start = index === 0 ? 0 : this.#ends[index - 1];
    const end = this.#ends[index];
    return {
      positions: this.#positions.subarray(start, end),
      frequencies: this.#frequencies.subarray(start, end),
    };
  }

  postingsOf(term: number): { positions: Uint8Array; frequencies: Uint8Array } | undefined {
    const index = this.firstAtLeast(term);
    return this.terms[index] === term ? this.postingsAt(index) : undefined;
  }

  /** Index of the first term that is not below this one; the number of terms when all are. */
  firstAtLeast(term: number): number {
    let low = 0;
    let high = this.terms.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.terms[middle] ?? 0) < term) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
