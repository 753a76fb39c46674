/**
 * What words_of() is searched for, as to_tsquery('simple', …) takes it: every word must begin one of the row.
 * Undefined where nothing is left of the text: then no row is found.
 */
export function wordsQuery(text: string): string | undefined {
  const words = text.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  // Letters and digits only: nothing in them means anything to the query.
  return words.length === 0 ? undefined : words.map(word => `'${word}':*`).join(' & ');
}
