/** How a language model says that the sources do not contain the answer; the system prompt tells it to. */
export const notFoundMarker = '[not found]';

/** As models write it: in any case, in bold, with a colon, with an underscore. */
const written = /^\s*[*_`"]*\[\s*not[\s_-]found\s*\][*_`"]*[\s:.–—-]*/i;
/** So much can stand before what follows the marker. */
const MOST_HELD_BACK = 40;

/**
 * Takes the marker out of the beginning of an answer while it streams. Only what could still become the marker is
 * held back: an answer that begins otherwise goes through at once.
 */
export class NotFoundMarkerReader {
  #heldBack = '';
  #isDecided = false;
  #isFound = false;

  get isFound(): boolean {
    return this.#isFound;
  }

  /** @returns what can be shown now; may be empty. */
  push(text: string): string {
    if (this.#isDecided) return text;
    this.#heldBack += text;
    if (mayBecomeMarker(this.#heldBack)) return '';
    return this.#decide();
  }

  /** @returns what was held back at the answer's end. */
  end(): string {
    return this.#isDecided ? '' : this.#decide();
  }

  #decide(): string {
    this.#isDecided = true;
    this.#isFound = written.test(this.#heldBack);
    return this.#isFound ? this.#heldBack.replace(written, '') : this.#heldBack;
  }
}

/** Whether more text could make a marker of it, or could still belong to one. */
function mayBecomeMarker(text: string): boolean {
  if (text.length > MOST_HELD_BACK) return false;
  const match = written.exec(text);
  if (match) return match[0].length === text.length;
  const rest = text.replace(/^[\s*_`"]+/, '').toLowerCase();
  return '[notfound]'.startsWith(rest.replace(/[\s_-]/g, ''));
}
