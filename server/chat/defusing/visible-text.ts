import { neverVisible } from '../../language-model/strip-invisible.ts';

const invisible = new RegExp(neverVisible, 'gu');

/**
 * What a language model writes, without invisible and control characters and with one kind of line end.
 * It may come in any pieces: what can't be judged before the next one is held back, one unit at most.
 */
export class VisibleText {
  #held = '';

  push(text: string): string {
    const all = this.#held + text;
    // The first half of a surrogate pair, or a carriage return whose line feed may follow.
    this.#held = /[\uD800-\uDBFF\r]$/.exec(all)?.[0] ?? '';
    return clean(all.slice(0, all.length - this.#held.length));
  }

  flush(): string {
    const rest = this.#held;
    this.#held = '';
    return clean(rest);
  }
}

const clean = (text: string) =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(invisible, '');
