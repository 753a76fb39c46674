const MOST_CHARACTERS = 60;

/** Made with the first title: it reads tables for 20 ms, which a start need not wait for. */
let characters: Intl.Segmenter | undefined;

/** The beginning of a question as its session's title: one line, cut between words, at most 60 characters. */
export function questionTitle(question: string): string {
  const line = onOneLine(question);
  characters ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const all = Array.from(characters.segment(line.slice(0, 20 * MOST_CHARACTERS)), ({ segment }) => segment);
  if (all.length <= MOST_CHARACTERS) return line;
  const most = all.slice(0, MOST_CHARACTERS - 1);
  // The character behind decides whether the last word is whole.
  const space = all.slice(0, MOST_CHARACTERS).lastIndexOf(' ');
  const kept = space > 0 ? most.slice(0, space) : most;
  return `${kept.join('').trimEnd()}…`;
}

/** Without what nobody sees: control and direction characters would change how a list is shown. */
function onOneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, '')
    .trim();
}
