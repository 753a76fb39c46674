/** Vectors of unit length in a quarter of their size, and what compares them with a question. */

/** Passages whose vectors lie together: arrays are never copied to grow. */
const PASSAGES_PER_PAGE = 4_096;
const BITS_PER_WORD = 32;
const LARGEST_CODE = 127;

type Page = {
  /** Numbers of each vector, −127 to 127. */
  codes: Int8Array;
  /** What a vector's codes are multiplied with; 0: there is no vector. */
  scales: Float32Array;
  /** Signs of each vector's numbers, 1 for positive. */
  signs: Int32Array;
};

/**
 * Vectors by slot: 8 bits a number, scaled by each vector's largest (scalar quantisation), and the signs alone
 * (binary quantisation). A cosine computed from the codes is off by less than 0.002 for vectors as models make them:
 * the error of a number is at most half a scale, and errors of hundreds of numbers cancel out.
 */
export class QuantisedVectors {
  readonly #dimensions: number;
  readonly #wordsPerVector: number;
  readonly #pages: Page[] = [];

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#wordsPerVector = Math.ceil(dimensions / BITS_PER_WORD);
  }

  /** Of a vector. */
  static bytesPerVector(dimensions: number): number {
    return dimensions + 4 * Math.ceil(dimensions / BITS_PER_WORD) + 4;
  }

  set(slot: number, vector: Float32Array): void {
    const { codes, scales, signs } = this.#pageOf(slot);
    const place = slot % PASSAGES_PER_PAGE;
    let largest = 0;
    for (const number of vector) largest = Math.max(largest, Math.abs(number));
    const scale = largest / LARGEST_CODE;
    scales[place] = scale;
    const from = place * this.#dimensions;
    for (let at = 0; at < vector.length; at += 1)
      codes[from + at] = Math.round((vector[at] ?? 0) / (scale || 1));
    signs.set(signsOf(vector), place * this.#wordsPerVector);
  }

  /** Cosine of the slot's vector and a question's; undefined when the slot has none. */
  similarity(slot: number, question: Float32Array): number | undefined {
    const page = this.#pages[Math.floor(slot / PASSAGES_PER_PAGE)];
    const place = slot % PASSAGES_PER_PAGE;
    const scale = page?.scales[place] ?? 0;
    if (!page || scale === 0) return undefined;
    const { codes } = page;
    let sum = 0;
    let at = place * this.#dimensions;
    // In steps of four: half the time of a plain loop, which is checked at every number.
    for (let dimension = 0; dimension < question.length; dimension += 4, at += 4)
      sum +=
        (codes[at] ?? 0) * (question[dimension] ?? 0) +
        (codes[at + 1] ?? 0) * (question[dimension + 1] ?? 0) +
        (codes[at + 2] ?? 0) * (question[dimension + 2] ?? 0) +
        (codes[at + 3] ?? 0) * (question[dimension + 3] ?? 0);
    return Math.max(-1, Math.min(1, sum * scale));
  }

  /** Writes in how many signs each of the slots differs from the question; what has no vector differs in all. */
  countDifferences(first: number, count: number, question: Int32Array, into: Uint16Array, at: number): void {
    for (let done = 0; done < count; ) {
      const place = (first + done) % PASSAGES_PER_PAGE;
      const page = this.#pages[Math.floor((first + done) / PASSAGES_PER_PAGE)];
      const run = Math.min(count - done, PASSAGES_PER_PAGE - place);
      if (page) countInPage(page, { place, run, question, none: this.#dimensions }, into, at + done);
      else into.fill(this.#dimensions, at + done, at + done + run);
      done += run;
    }
  }

  #pageOf(slot: number): Page {
    const number = Math.floor(slot / PASSAGES_PER_PAGE);
    for (let next = this.#pages.length; next <= number; next += 1)
      this.#pages.push({
        codes: new Int8Array(PASSAGES_PER_PAGE * this.#dimensions),
        scales: new Float32Array(PASSAGES_PER_PAGE),
        signs: new Int32Array(PASSAGES_PER_PAGE * this.#wordsPerVector),
      });
    const page = this.#pages[number];
    if (!page) throw new RangeError(`there is no page for slot ${slot}`);
    return page;
  }
}

type Run = { place: number; run: number; question: Int32Array; none: number };

function countInPage(
  { signs, scales }: Page,
  { place, run, question, none }: Run,
  into: Uint16Array,
  at: number,
) {
  const words = question.length;
  for (let index = 0; index < run; index += 1) {
    const from = (place + index) * words;
    let differences = 0;
    for (let word = 0; word < words; word += WORDS_PER_SUM)
      differences += countDifferent(
        signs,
        from + word,
        question,
        word,
        Math.min(words, word + WORDS_PER_SUM),
      );
    into[at + index] = scales[place + index] === 0 ? none : differences;
  }
}

/** One bit for each number, 1 when it is positive. */
export function signsOf(vector: Float32Array): Int32Array {
  const signs = new Int32Array(Math.ceil(vector.length / BITS_PER_WORD));
  for (let at = 0; at < vector.length; at += 1)
    if ((vector[at] ?? 0) > 0) {
      const word = Math.floor(at / BITS_PER_WORD);
      signs[word] = (signs[word] ?? 0) | (1 << (at % BITS_PER_WORD));
    }
  return signs;
}

/** Sums of ones fit into a byte up to this. */
const WORDS_PER_SUM = 30;

/** The bits in which words differ: ones counted side by side within the words (Hacker's Delight, figure 5-2). */
function countDifferent(
  signs: Int32Array,
  from: number,
  question: Int32Array,
  word: number,
  end: number,
): number {
  let bytes = 0;
  for (let at = from; word < end; word += 3, at += 3) {
    // Four bits hold the ones of three words' nibbles; beyond the end there is nothing that differs.
    let nibbles = onesOfNibbles((signs[at] ?? 0) ^ (question[word] ?? 0));
    if (word + 1 < end) nibbles += onesOfNibbles((signs[at + 1] ?? 0) ^ (question[word + 1] ?? 0));
    if (word + 2 < end)
      nibbles = (nibbles + onesOfNibbles((signs[at + 2] ?? 0) ^ (question[word + 2] ?? 0))) | 0;
    bytes = (bytes + (nibbles & 0x0f0f0f0f) + ((nibbles >>> 4) & 0x0f0f0f0f)) | 0;
  }
  return (bytes & 0xff) + ((bytes >>> 8) & 0xff) + ((bytes >>> 16) & 0xff) + (bytes >>> 24);
}

function onesOfNibbles(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
}
