const ESCAPE = 0x1b;
/** ESC $ @ and ESC $ B begin two-byte characters in ISO-2022-JP (RFC 1468); terminals' sequences are others. */
const sequences = [Buffer.from('\x1b$@'), Buffer.from('\x1b$B')];

/** Looks for the escape sequences of ISO-2022-JP in a file that arrives in pieces. */
export class EscapeSearch {
  #end = Buffer.alloc(0);
  #isFound = false;

  get isFound(): boolean {
    return this.#isFound;
  }

  push(chunk: Uint8Array): void {
    if (this.#isFound) return;
    if (this.#end.includes(ESCAPE) || chunk.includes(ESCAPE)) {
      const bytes = Buffer.concat([this.#end, chunk]);
      this.#isFound = sequences.some(sequence => bytes.includes(sequence));
    }
    // Two bytes may begin a sequence that the next piece ends.
    this.#end = Buffer.concat([this.#end, chunk.subarray(-2)]).subarray(-2);
  }
}
