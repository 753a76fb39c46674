import { foldText } from '../../../lexical/analysis/fold-text.ts';
import { stopWordsOf } from '../../../lexical/analysis/stop-words.ts';

/** Languages whose stop words tell them apart and that have a stemmer; others go without either. */
const candidates = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'sv',
  'da',
  'nb',
  'fi',
  'hu',
  'ro',
  'tr',
  'ru',
  'cs',
  'pl',
  'ca',
];

/** A fifth of the words of any text are stop words of its language. */
const leastShare = 0.15;
const mostWords = 120;

/**
 * The language that a text is most likely written in, by its stop words; undefined when none is likely. Rough, and
 * enough to choose a stemmer.
 */
export function guessLanguage(text: string): string | undefined {
  const words = (text.match(/[\p{L}\p{M}]+/gu) ?? []).slice(0, mostWords).map(foldText);
  let best: string | undefined;
  let most = leastShare * words.length;
  for (const language of candidates) {
    const stopWords = stopWordsOf(language);
    const count = words.filter(word => stopWords.has(word)).length;
    if (count > most) [best, most] = [language, count];
  }
  return best;
}
