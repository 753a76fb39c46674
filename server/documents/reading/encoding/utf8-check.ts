import { isUtf8 } from 'node:buffer';

/**
 * Finds the first byte that begins no valid UTF-8 sequence, in bytes that arrive in pieces. The rules are
 * table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing beyond U+10FFFF.
 */
export class Utf8Check {
  #invalid: { byte: number; value: number } | undefined;
  #at = 0;
  /** Of the sequence that is being read: where it began, its first byte, how many bytes it still lacks. */
  #start = 0;
  #lead = 0;
  #missing = 0;
  /** What its next byte may be. */
  #lowest = 0x80;
  #highest = 0xbf;

  push(chunk: Uint8Array): void {
    if (this.#invalid) return;
    const checked = this.#skipValid(chunk);
    for (let index = checked; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0;
      const fits = this.#missing > 0 ? this.#goOn(byte) : byte < 0x80 || this.#begin(byte);
      if (!fits) {
        this.#invalid = { byte: this.#start, value: this.#lead };
        return;
      }
      this.#at++;
    }
  }

  /** Bytes at the chunk's beginning that need no closer look, because the platform finds them valid. */
  #skipValid(chunk: Uint8Array): number {
    // The last sequence may go on in the next chunk.
    const end = chunk.findLastIndex(byte => (byte & 0xc0) !== 0x80);
    if (this.#missing > 0 || end <= 0 || !isUtf8(chunk.subarray(0, end))) return 0;
    this.#at += end;
    return end;
  }

  /** The invalid byte's position and value, or undefined. A sequence that the end cuts off is invalid. */
  finish(): { byte: number; value: number } | undefined {
    return this.#invalid ?? (this.#missing > 0 ? { byte: this.#start, value: this.#lead } : undefined);
  }

  #begin(byte: number): boolean {
    this.#start = this.#at;
    this.#lead = byte;
    this.#lowest = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    this.#highest = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
    if (byte >= 0xc2 && byte <= 0xdf) this.#missing = 1;
    else if (byte >= 0xe0 && byte <= 0xef) this.#missing = 2;
    else if (byte >= 0xf0 && byte <= 0xf4) this.#missing = 3;
    return this.#missing > 0;
  }

  #goOn(byte: number): boolean {
    if (byte < this.#lowest || byte > this.#highest) return false;
    this.#lowest = 0x80;
    this.#highest = 0xbf;
    this.#missing--;
    return true;
  }
}
