/** Pieces that are joined at once. */
const JOINED_AT_ONCE = 128;

/**
 * A text that grows by small pieces, as models write. A string that is added to holds each of them apart, with a node
 * around it: several times the memory of the text, for as long as an answer runs.
 */
export class GrowingText {
  #joined = '';
  #pieces: string[] = [];

  add(piece: string): void {
    this.#pieces.push(piece);
    if (this.#pieces.length >= JOINED_AT_ONCE) this.#join();
  }

  /** What was added so far. */
  get text(): string {
    if (this.#pieces.length > 0) this.#join();
    return this.#joined;
  }

  #join(): void {
    this.#joined = [this.#joined, ...this.#pieces].join('');
    this.#pieces = [];
  }
}
