/**
 * The language that a question is asked in. Questions are short and full of names: what tells is the script, then
 * the words that every language has of its own (docs/decisions/0022-when-the-documents-do-not-answer.md).
 */
import { foldText } from '../../lexical/analysis/fold-text.ts';
import { stopWordsOf } from '../../lexical/analysis/stop-words.ts';
import { type WordingLanguage, wordings } from './wordings.ts';

/** Letters of Persian and Urdu that Arabic has not: their questions get no Arabic. */
const beyondArabic = /[پچژگکیےٹڈڑں]/u;

/** What is no Latin letter, how many Latin ones it outweighs, and the language of a question written so. */
const scripts: { letters: RegExp; weight: number; languageOf: (question: string) => string }[] = [
  { letters: /\p{Script=Hangul}/gu, weight: 4, languageOf: () => 'ko' },
  {
    letters: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu,
    weight: 4,
    languageOf: question => (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(question) ? 'ja' : 'zh'),
  },
  {
    letters: /\p{Script=Cyrillic}/gu,
    weight: 2,
    languageOf: question => languageByWords(question, ['ru', 'uk', 'bg']) ?? 'ru',
  },
  {
    letters: /\p{Script=Arabic}/gu,
    weight: 2,
    languageOf: question => (beyondArabic.test(question) ? 'en' : 'ar'),
  },
  { letters: /\p{Script=Devanagari}/gu, weight: 2, languageOf: () => 'hi' },
  { letters: /\p{Script=Hebrew}/gu, weight: 2, languageOf: () => 'he' },
  { letters: /\p{Script=Greek}/gu, weight: 2, languageOf: () => 'el' },
];

/** Languages without a wording compete too, or their questions would get that of a neighbour. */
const latinLanguages = 'en de fr es it pt nl sv da nb pl cs tr ca gl ro hu fi hr sk sl et lt lv id vi'.split(
  ' ',
);

/** Letters and marks that, within their script, only these languages have, or nearly. */
const tellingLetters: { letters: RegExp; languages: string[] }[] = [
  { letters: /[ñ¿¡]/u, languages: ['es'] },
  { letters: /[ãõ]/u, languages: ['pt'] },
  { letters: /ß/u, languages: ['de'] },
  { letters: /[äö]/u, languages: ['de', 'sv', 'fi'] },
  { letters: /[łąęśźż]/u, languages: ['pl'] },
  { letters: /[ğış]/u, languages: ['tr'] },
  { letters: /[řěů]/u, languages: ['cs'] },
  { letters: /å/u, languages: ['sv', 'da', 'nb'] },
  { letters: /[æø]/u, languages: ['da', 'nb'] },
  { letters: /[іїєґ]/u, languages: ['uk'] },
  { letters: /[ыэё]/u, languages: ['ru'] },
];

/** Of a letter, shared by its languages; a word has 1. */
const LETTER_EVIDENCE = 1.5;
/** About one word that two languages share. */
const LEAST_EVIDENCE = 0.5;
/** How many times that of the next language. */
const LEAST_LEAD = 1.15;
/** One word alone is as likely a name. */
const LEAST_WORDS = 2;

/** English when it is not clear, and for a language that has no wording. */
export function questionLanguage(question: string): WordingLanguage {
  const found = languageByScript(question) ?? languageByWords(question, latinLanguages) ?? 'en';
  return isWorded(found) ? found : 'en';
}

/** Undefined for what is mostly in Latin letters: names and codes are written so everywhere. */
function languageByScript(question: string): string | undefined {
  const latin = count(question, /\p{Script=Latin}/gu);
  const [most] = scripts
    .map(({ letters, weight, languageOf }) => ({ weight: weight * count(question, letters), languageOf }))
    .sort((a, b) => b.weight - a.weight);
  return most && most.weight > 0 && most.weight >= latin ? most.languageOf(question) : undefined;
}

/** By the words that tell nothing about what is asked: which languages have them, and how few. */
function languageByWords(question: string, languages: string[]): string | undefined {
  const words = functionWordsOf(question);
  if (words.length < LEAST_WORDS) return undefined;
  const evidence = new Map<string, number>(languages.map(language => [language, 0]));
  const add = (found: string[], weight: number) => {
    for (const language of found)
      evidence.set(language, (evidence.get(language) ?? 0) + weight / found.length);
  };
  for (const word of new Set(words))
    add(
      languages.filter(language => stopWordsOf(language).has(word)),
      1,
    );
  const lowerCase = question.toLowerCase();
  for (const telling of tellingLetters) {
    const found = telling.languages.filter(language => evidence.has(language));
    if (telling.letters.test(lowerCase)) add(found, LETTER_EVIDENCE);
  }
  const [first, second] = [...evidence].sort(([, a], [, b]) => b - a);
  if (!first || first[1] < LEAST_EVIDENCE) return undefined;
  return second && first[1] < LEAST_LEAD * second[1] && !areAlike(first[0], second[0]) ? undefined : first[0];
}

/** Danish and Norwegian share nearly all of these words, and each is read where the other is spoken. */
const areAlike = (a: string, b: string) => ['da', 'nb'].includes(a) && ['da', 'nb'].includes(b);

/**
 * Words as the lists have them: "weren't" and "l'homme" whole and in parts. What has a capital within the question
 * is a name or a German noun.
 */
function functionWordsOf(question: string): string[] {
  const words = question.match(/[\p{L}\p{M}'’]+/gu) ?? [];
  const isMixedCase = /\p{Ll}/u.test(question);
  return words
    .filter((word, index) => index === 0 || !isMixedCase || !/^\p{Lu}/u.test(word))
    .flatMap(word => {
      const parts = foldText(word).split(/['’]/u);
      return parts.length > 1 ? [parts.join(''), ...parts] : parts;
    })
    .filter(word => word !== '');
}

const isWorded = (language: string): language is WordingLanguage => Object.hasOwn(wordings, language);

const count = (text: string, letters: RegExp) => text.match(letters)?.length ?? 0;
