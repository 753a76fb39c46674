import { MarkdownDefuser } from '../../defusing/markdown-defuser.ts';
import { VisibleText } from '../../defusing/visible-text.ts';
import { CodeTracker } from './code-tracker.ts';
import { type Marker, MarkerScanner, type Range, type Scanned } from './marker-scanner.ts';

/** Stands in a marker on its way through the defuser. Of the private use area: nobody's text has it. */
const SIGN = '\uF8F5';

/**
 * What is shown of a text that a model writes, and where its markers are. Markers are put right first and the
 * text is made harmless after that: what is left where a marker was taken out could otherwise become a link.
 */
export class ShownText {
  readonly #visible = new VisibleText();
  readonly #scanner: MarkerScanner;
  readonly #defuser = new MarkdownDefuser();
  readonly #code = new CodeTracker();
  /** Code in the text that is shown. */
  readonly code: Range[] = [];
  #length = 0;
  /** Of the marker that is being read. */
  #open: { start: number; digits: string; isSigned: boolean } | undefined;

  constructor(sourceCount: number) {
    this.#scanner = new MarkerScanner(sourceCount, SIGN);
  }

  /** How many numbers pointed at nothing. */
  get removed(): number {
    return this.#scanner.removed;
  }

  push(delta: string): Scanned {
    return this.#read(this.#defuser.push(this.#scanner.push(this.#clean(delta)).text));
  }

  /** What is held back at the end of the text. */
  end(): Scanned {
    const scanned = this.#scanner.push(this.#visible.flush()).text + this.#scanner.end().text;
    return this.#read(this.#defuser.push(scanned) + this.#defuser.flush());
  }

  #clean(delta: string): string {
    return this.#visible.push(delta).replaceAll(SIGN, '');
  }

  #read(defused: string): Scanned {
    const markers: Marker[] = [];
    for (const character of defused.split('')) {
      if (character === SIGN) {
        if (this.#open) this.#open.isSigned = true;
        continue;
      }
      this.#noteCode(character);
      const marker = this.#readMarker(character);
      if (marker) markers.push(marker);
      this.#length += 1;
    }
    // Not put together by character: such a string would hold each of them apart for as long as the answer runs.
    return { text: defused.replaceAll(SIGN, ''), markers };
  }

  #readMarker(character: string): Marker | undefined {
    const open = this.#open;
    if (character === '[') this.#open = { start: this.#length, digits: '', isSigned: false };
    else if (open && /\d/.test(character) && !open.isSigned) open.digits += character;
    else {
      this.#open = undefined;
      if (open?.isSigned && character === ']')
        return { number: Number(open.digits), start: open.start, end: this.#length + 1 };
    }
    return undefined;
  }

  #noteCode(character: string): void {
    const isCode = this.#code.isCode(character) || character === '`';
    this.#code.read(character);
    if (!isCode) return;
    const last = this.code.at(-1);
    if (last?.end === this.#length) last.end += 1;
    else this.code.push({ start: this.#length, end: this.#length + 1 });
  }
}
