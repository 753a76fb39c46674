import type { WordPieces } from './analyse-text.ts';
import { foldText } from './fold-text.ts';

/** Marks sub-word units, which share nothing with words. */
const mark = '##';
const gramLength = 4;
const latinWord = /^[\p{Script=Latin}\p{M}']+$/u;

const ideographs =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}ー]+$/u;

/** Word pieces of a word in Latin letters, four letters in a row of one in another alphabet, single ideographs. */
export function subwordTerms(word: string, pieces: WordPieces): string[] {
  const folded = foldText(word).replace(/'s?$|'/g, '');
  if (latinWord.test(folded)) return pieces(folded).map(id => mark + id);
  const letters = Array.from(folded);
  if (ideographs.test(folded)) return letters.map(letter => mark + letter);
  if (letters.length <= gramLength) return [mark + folded];
  return letters
    .slice(gramLength - 1)
    .map((_, index) => mark + letters.slice(index, index + gramLength).join(''));
}
