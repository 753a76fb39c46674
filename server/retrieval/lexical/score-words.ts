/** BM25 (Robertson and Zaragoza 2009) over passages and the windows of documents that they stand in. */

import type { PassageDirectory } from './passage-directory.ts';

const K1 = 1.2;
const B = 0.75;
/** File names are short: their length says little. */
const NAME_B = 0.3;

/** The passages of a term and how often it stands in each, `count` of them; a buffer that is filled anew. */
export type SlotPostings = { slots: Int32Array; frequencies: Uint8Array; count: number };

/** The parts of a passage's lexical score: sums of BM25 over the question's terms, but for the name. */
export type LexicalParts = {
  passage: number;
  window: number;
  subwords: number;
  /** The share of what the question says of file names that this name has: 0 to 1. */
  name: number;
};

/** Scores of all passages of a directory for one question. Allocated for it: 12 bytes a passage. */
export class WordScores {
  readonly passages: Float32Array;
  readonly subwords: Float32Array;
  readonly windows: Float32Array;
  readonly #names: Float32Array;
  readonly #directory: PassageDirectory;
  /** What a name with all of the question's terms that stand in any name would be worth. */
  #nameable = 0;
  readonly #windowFrequencies: Float32Array;

  constructor(directory: PassageDirectory) {
    this.#directory = directory;
    this.passages = new Float32Array(directory.slotCount);
    this.subwords = new Float32Array(directory.slotCount);
    this.windows = new Float32Array(directory.windowCount);
    this.#names = new Float32Array(directory.versionCount);
    this.#windowFrequencies = new Float32Array(directory.windowCount);
  }

  addWord(postings: SlotPostings, weight: number): void {
    const { wordLengths, totals } = this.#directory;
    const average = totals.words / totals.passages;
    addPassages(this.passages, postings, { lengths: wordLengths, average, total: totals.passages, weight });
    this.#addWindows(postings, weight);
  }

  addSubword(postings: SlotPostings, weight: number): void {
    const { subwordLengths, totals } = this.#directory;
    const average = totals.subwords / totals.passages;
    addPassages(this.subwords, postings, {
      lengths: subwordLengths,
      average,
      total: totals.passages,
      weight,
    });
  }

  addName({ slots, frequencies, count }: SlotPostings, weight: number): void {
    if (count === 0) return;
    const { versionIndexes, totals } = this.#directory;
    const average = totals.nameWords / totals.versions;
    const idf = weight * inverseFrequency(count, totals.versions);
    this.#nameable += idf;
    for (let index = 0; index < count; index += 1) {
      const version = versionIndexes[slots[index] ?? 0] ?? 0;
      const length = this.#directory.versionAt(version)?.nameLength ?? average;
      this.#names[version] =
        (this.#names[version] ?? 0) + idf * saturation(frequencies[index] ?? 0, length / average, NAME_B);
    }
  }

  /** The parts of a passage's score; all 0 when it is not in the directory. */
  partsOf(passageId: number): LexicalParts {
    const slot = this.#directory.slotOf(passageId);
    return {
      passage: this.passages[slot] ?? 0,
      window: this.windows[this.#directory.windows[slot] ?? -1] ?? 0,
      subwords: this.subwords[slot] ?? 0,
      name: this.#nameOf(this.#directory.versionIndexes[slot] ?? -1),
    };
  }

  /** A part of a name must not weigh as much as the whole because no other name has more of it. */
  #nameOf(version: number): number {
    return this.#nameable > 0 ? Math.min(1, (this.#names[version] ?? 0) / this.#nameable) : 0;
  }

  /** A window is scored as a passage of its own, with the frequencies of its passages added up. */
  #addWindows({ slots, frequencies, count }: SlotPostings, weight: number): void {
    const { windows, windowLengths, totals } = this.#directory;
    const counted = this.#windowFrequencies;
    const touched: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const window = windows[slots[index] ?? 0] ?? 0;
      if (counted[window] === 0) touched.push(window);
      counted[window] = (counted[window] ?? 0) + (frequencies[index] ?? 0);
    }
    const average = totals.words / totals.windows;
    const idf = weight * inverseFrequency(touched.length, totals.windows);
    for (const window of touched) {
      const length = windowLengths[window] ?? average;
      this.windows[window] =
        (this.windows[window] ?? 0) + idf * saturation(counted[window] ?? 0, length / average, B);
      counted[window] = 0;
    }
  }
}

type Field = { lengths: Uint16Array; average: number; total: number; weight: number };

function addPassages(scores: Float32Array, { slots, frequencies, count }: SlotPostings, field: Field): void {
  const { lengths, average, total, weight } = field;
  const idf = weight * inverseFrequency(count, total);
  for (let index = 0; index < count; index += 1) {
    const slot = slots[index] ?? 0;
    const length = (lengths[slot] ?? 0) / average;
    scores[slot] = (scores[slot] ?? 0) + idf * saturation(frequencies[index] ?? 0, length, B);
  }
}

const inverseFrequency = (documents: number, total: number) =>
  Math.log(1 + Math.max(0, total - documents + 0.5) / (documents + 0.5));

const saturation = (frequency: number, relativeLength: number, b: number) =>
  (frequency * (K1 + 1)) / (frequency + K1 * (1 - b + b * relativeLength));
