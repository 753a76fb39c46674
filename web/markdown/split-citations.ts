/** No line break between a word, its citation and the full stop. */
const WORD_JOINER = '\u2060';
/** Between a citation's number and its occurrence; nothing that is shown. */
const SEPARATOR = '\u2063';
const citations = /\[(\d{1,2}(?:,\s?\d{1,2})*)\]/g;

export type TextPart = { text: string } | { number: number; occurrence: number };

/**
 * Notes in the text which one of its citations of the same source each is, the first being 0: the quotes
 * that prove them differ. What is then read block by block needs no counting.
 */
export function numberOccurrences(text: string): string {
  const counts = new Map<string, number>();
  return withoutOccurrences(text).replace(citations, (_, numbers: string) => {
    const numbered = numbers.split(/,\s?/).map(number => {
      const occurrence = counts.get(number) ?? 0;
      counts.set(number, occurrence + 1);
      return `${number}${SEPARATOR}${occurrence}`;
    });
    return `[${numbered.join(',')}]`;
  });
}

/** The text as it was before `numberOccurrences`. */
export const withoutOccurrences = (text: string) =>
  text.includes(SEPARATOR) ? text.replace(/\u2063\d*/g, '') : text;

/** Splits text at its citations; the blank before one goes with it. */
export function splitCitations(text: string): TextPart[] {
  const pieces = text.split(/(\s?(?:\[\d{1,2}\u2063\d+(?:,\d{1,2}\u2063\d+)*\])+)/);
  if (pieces.length === 1) return [{ text }];
  return pieces.flatMap((piece, at): TextPart[] => {
    if (at % 2 === 1)
      return [...piece.matchAll(/(\d+)\u2063(\d+)/g)].map(([, number, occurrence]) => ({
        number: Number(number),
        occurrence: Number(occurrence),
      }));
    const before = at > 0 ? WORD_JOINER : '';
    const after = at < pieces.length - 1 ? WORD_JOINER : '';
    return [{ text: `${before}${piece}${after}` }];
  });
}
