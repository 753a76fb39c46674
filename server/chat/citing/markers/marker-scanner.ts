import { CodeTracker } from './code-tracker.ts';
import { type FoundMarker, markerAt, mayBecomeMarker } from './marker-pattern.ts';

/** A marker as it stands in the answer that is shown: `[n]`. Offsets in UTF-16 units. */
export type Marker = { number: number; start: number; end: number };

/** What a piece of the model's text becomes. */
export type Scanned = { text: string; markers: Marker[] };

export type Range = { start: number; end: number };

/**
 * Finds the markers in a text that comes in pieces, cut anywhere. Every form of a marker becomes `[n]`, one for
 * each source; markers that point at no source are taken out, with the white space before them. Code and links
 * stay as they are. Text is held back only while it may be the beginning of a marker, or half a character.
 */
export class MarkerScanner {
  readonly #sourceCount: number;
  readonly #sign: string;
  readonly #code = new CodeTracker();
  /** Code in the text that is shown. */
  readonly code: Range[] = [];
  /** How many numbers pointed at nothing. */
  removed = 0;
  #held = '';
  /** Characters that are shown so far. */
  #length = 0;
  #previous = '';
  /** A marker at the beginning of a line is gone: the white space behind it goes too. */
  #skipsBlanks = false;

  /** @param sign put into every marker before its bracket closes, to know it again. */
  constructor(sourceCount: number, sign = '') {
    this.#sourceCount = sourceCount;
    this.#sign = sign;
  }

  push(delta: string): Scanned {
    return this.#scan(this.#held + delta, false);
  }

  /** What is held back at the end of the text. */
  end(): Scanned {
    return this.#scan(this.#held, true);
  }

  #scan(text: string, isEnd: boolean): Scanned {
    const scanned: Scanned = { text: '', markers: [] };
    this.#held = '';
    let index = 0;
    while (index < text.length) {
      const next = this.#markerOrHold(text, index, isEnd);
      if (next === 'hold') {
        this.#held = text.slice(index);
        break;
      }
      if (next) {
        this.#showMarker(next, scanned);
        index += next.length;
      } else {
        this.#show(text.charAt(index), scanned);
        index += 1;
      }
    }
    return scanned;
  }

  #markerOrHold(text: string, index: number, isEnd: boolean): FoundMarker | 'hold' | undefined {
    const character = text.charAt(index);
    if (!isEnd && index === text.length - 1 && isHighSurrogate(character)) return 'hold';
    if (!/[ \t\u00a0[【［]/.test(character) || this.#code.isCode(character) || this.#previous === '\\')
      return undefined;
    const marker = markerAt(text, index);
    if (!marker) return !isEnd && mayBecomeMarker(text.slice(index)) ? 'hold' : undefined;
    const following = text.charAt(index + marker.length);
    if (following === '' && !isEnd) return 'hold';
    // [1](address) is a link, defused "[1]\(address)", and "[1]: address" at a line's start says where one leads.
    const isLink = /[(\\]/.test(following) || (following === ':' && this.#code.indentOnly);
    return isLink ? undefined : marker;
  }

  #showMarker({ blanks, numbers }: FoundMarker, scanned: Scanned): void {
    const pointing = [...new Set(numbers)].filter(number => number >= 1 && number <= this.#sourceCount);
    this.removed += numbers.filter(number => !pointing.includes(number)).length;
    const { atLineStart } = this.#code;
    if (pointing.length > 0 || atLineStart) for (const blank of blanks) this.#show(blank, scanned);
    for (const number of pointing) {
      const start = this.#length;
      for (const character of `[${number}${this.#sign}]`) this.#show(character, scanned);
      scanned.markers.push({ number, start, end: this.#length });
    }
    this.#skipsBlanks = pointing.length === 0 && atLineStart;
  }

  #show(character: string, scanned: Scanned): void {
    if (this.#skipsBlanks && /[ \t\u00a0]/.test(character)) return;
    this.#skipsBlanks = false;
    const isCode = this.#code.isCode(character) || character === '`';
    this.#code.read(character);
    if (isCode) this.#noteCode();
    scanned.text += character;
    this.#length += 1;
    this.#previous = character;
  }

  #noteCode(): void {
    const last = this.code.at(-1);
    if (last?.end === this.#length) last.end += 1;
    else this.code.push({ start: this.#length, end: this.#length + 1 });
  }
}

const isHighSurrogate = (character: string) => /[\ud800-\udbff]/.test(character);
