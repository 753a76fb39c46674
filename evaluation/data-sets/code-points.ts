import { DataSetError, type Span } from './data-set.ts';

/**
 * Turns offsets that count Unicode code points, as Python does, into offsets of UTF-16 units.
 *
 * @example new CodePoints('😀 is one').toSpan([2, 4]) // { start: 3, end: 5 }
 */
export class CodePoints {
  /** UTF-16 offset of every code point beyond the BMP, in code points: each shifts what follows by one. */
  readonly #wide: number[] = [];
  readonly #length: number;

  constructor(text: string) {
    let count = 0;
    for (const character of text) {
      if (character.length === 2) this.#wide.push(count);
      count += 1;
    }
    this.#length = count;
  }

  /** @throws DataSetError when the span is empty or lies outside the text. */
  toSpan([start, end]: readonly [number, number]): Span {
    if (start >= end || end > this.#length)
      throw new DataSetError(`the span ${start}–${end} is not within the text’s ${this.#length} characters`);
    return { start: this.#toUnits(start), end: this.#toUnits(end) };
  }

  #toUnits(offset: number): number {
    let low = 0;
    let high = this.#wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#wide[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return offset + low;
  }
}
