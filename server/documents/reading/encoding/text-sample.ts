import { isAscii } from 'node:buffer';

/** Bytes of plain ASCII that are kept on either side of what is not. */
const CONTEXT_BYTES = 32;
const MOST_BYTES = 16_384;

/**
 * Keeps of a file that arrives in pieces what shows its encoding: the bytes beyond ASCII and those around
 * them. What lies apart in the file is apart here by a line end.
 */
export class TextSample {
  readonly #bytes = new Uint8Array(MOST_BYTES);
  #length = 0;
  /** The last bytes of ASCII that were not kept, oldest first, turning round. */
  readonly #before = new Uint8Array(CONTEXT_BYTES);
  #passed = 0;
  /** ASCII bytes since the last other one; a file's beginning is kept as if one stood before it. */
  #since = 0;

  push(chunk: Uint8Array): void {
    for (let index = this.#skipPlain(chunk); index < chunk.length; index++) {
      if (this.#length === MOST_BYTES) return;
      const byte = chunk[index] ?? 0;
      if (byte >= 0x80) this.#addContext();
      if (byte >= 0x80 || this.#since < CONTEXT_BYTES) this.#add(byte);
      else this.#before[this.#passed++ % CONTEXT_BYTES] = byte;
      this.#since = byte >= 0x80 ? 0 : this.#since + 1;
    }
  }

  /** Of a chunk that is all ASCII only the end can be context of what follows. */
  #skipPlain(chunk: Uint8Array): number {
    const skipped = chunk.length - CONTEXT_BYTES;
    if (skipped <= 0 || this.#since < CONTEXT_BYTES || !isAscii(chunk)) return 0;
    this.#passed += skipped;
    return skipped;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #addContext(): void {
    if (this.#passed > CONTEXT_BYTES) this.#add(0x0a);
    for (let at = Math.max(0, this.#passed - CONTEXT_BYTES); at < this.#passed; at++)
      this.#add(this.#before[at % CONTEXT_BYTES] ?? 0);
    this.#passed = 0;
  }

  #add(byte: number): void {
    if (this.#length < MOST_BYTES) this.#bytes[this.#length++] = byte;
  }
}
