import { newStemmer, type Stemmer } from 'snowball-stemmers';
import { foldText } from './fold-text.ts';

/** The stemmers of snowball-stemmers by ISO 639-1 code, and the script they are for. */
const algorithms: Record<string, [name: string, script: RegExp]> = {
  ar: ['arabic', /\p{Script=Arabic}/u],
  hy: ['armenian', /\p{Script=Armenian}/u],
  ru: ['russian', /\p{Script=Cyrillic}/u],
  ta: ['tamil', /\p{Script=Tamil}/u],
  eu: ['basque', /\p{Script=Latin}/u],
  ca: ['catalan', /\p{Script=Latin}/u],
  cs: ['czech', /\p{Script=Latin}/u],
  da: ['danish', /\p{Script=Latin}/u],
  nl: ['dutch', /\p{Script=Latin}/u],
  en: ['english', /\p{Script=Latin}/u],
  fi: ['finnish', /\p{Script=Latin}/u],
  fr: ['french', /\p{Script=Latin}/u],
  de: ['german', /\p{Script=Latin}/u],
  hu: ['hungarian', /\p{Script=Latin}/u],
  it: ['italian', /\p{Script=Latin}/u],
  ga: ['irish', /\p{Script=Latin}/u],
  nb: ['norwegian', /\p{Script=Latin}/u],
  nn: ['norwegian', /\p{Script=Latin}/u],
  no: ['norwegian', /\p{Script=Latin}/u],
  pt: ['portuguese', /\p{Script=Latin}/u],
  ro: ['romanian', /\p{Script=Latin}/u],
  es: ['spanish', /\p{Script=Latin}/u],
  sl: ['slovene', /\p{Script=Latin}/u],
  sv: ['swedish', /\p{Script=Latin}/u],
  tr: ['turkish', /\p{Script=Latin}/u],
};

/** Languages that are not written in Latin letters: Latin words in their texts are mostly English. */
const otherScripts = new Set(
  'am ar be bg bn el fa gu he hi hy ja ka kk km kn ko ky lo mk ml mn mr my ne or pa ps ru sd si sr ta te tg th ti uk ur yi zh'.split(
    ' ',
  ),
);

/** Articles and pronouns that lose their vowel before another: "l'homme", "dell'arte". */
const elision =
  /^(?:[cdjlmnstv]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|gl|un|all|dall|dell|nell|sull|coll|quest|quell)'/;
const elidingLanguages = new Set(['fr', 'it', 'ca']);

const stemmers = new Map<string, Stemmer>();

const maxRememberedStems = 50_000;
const remembered = new Map<string, string>();

/**
 * The index term of a word: folded, without its ending. A word in Latin letters whose language is unknown, or is
 * written in another script, is taken for English; other words without a stemmer stay as they are.
 */
export function stemWord(word: string, language: string | null): string {
  const code = languageCode(language);
  const bare = withoutApostrophes(word.toLowerCase(), code);
  const algorithm = algorithmFor(bare, code);
  return algorithm ? rememberedStem(bare, algorithm) : foldText(bare);
}

/** Stemmers take about 10 µs a word, and a question is stemmed in every language of the documents. */
function rememberedStem(word: string, algorithm: string): string {
  const key = `${algorithm} ${word}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const stem = foldText(stemmerOf(algorithm).stem(word));
  if (remembered.size >= maxRememberedStems) remembered.clear();
  remembered.set(key, stem);
  return stem;
}

/** "pt-BR" is "pt". */
export function languageCode(language: string | null): string {
  return language?.split(/[-_]/)[0]?.toLowerCase() ?? '';
}

function withoutApostrophes(word: string, code: string): string {
  if (!word.includes("'")) return word;
  if (elidingLanguages.has(code)) return word.replace(elision, '').replaceAll("'", '');
  // What follows it in Turkish is a name's ending.
  if (code === 'tr') return word.replace(/'.*$/, '');
  return word.replace(/'s$/, '').replaceAll("'", '');
}

function algorithmFor(word: string, code: string): string | undefined {
  const [name, script] = algorithms[code] ?? [];
  if (script?.test(word)) return name;
  // Polish has no stemmer here: English endings would be wrong for it.
  const mayBeEnglish = code === '' || otherScripts.has(code);
  return mayBeEnglish && /^[\p{Script=Latin}\p{M}]+$/u.test(word) ? 'english' : undefined;
}

function stemmerOf(algorithm: string): Stemmer {
  const stemmer = stemmers.get(algorithm) ?? newStemmer(algorithm);
  stemmers.set(algorithm, stemmer);
  return stemmer;
}
