/** Scripts that put no spaces between words. */
const withoutSpaces = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF00-\uFFEF]/u;

/**
 * The lines of a paragraph as one text. A word that is divided at the end of a line is put together: "inter-" and
 * "national"; in "Anglo-" and "American" the hyphen is the word's own.
 */
export function joinLines(lines: string[]): string {
  let text = '';
  for (const line of lines) {
    const next = line.trim();
    if (text === '' || next === '') text += next;
    else if (/\u00AD$/.test(text)) text = text.slice(0, -1) + next;
    else if (/\p{L}[-\u2010]$/u.test(text) && /^\p{Ll}/u.test(next)) text = text.slice(0, -1) + next;
    else if (/[\p{L}\p{N}][-\u2010]$/u.test(text)) text += next;
    else text += isWithoutSpaces(text, next) ? next : ` ${next}`;
  }
  return text;
}

const isWithoutSpaces = (before: string, after: string) =>
  withoutSpaces.test(before.slice(-1)) && withoutSpaces.test(after.slice(0, 1));
