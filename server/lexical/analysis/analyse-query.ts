import { nameUnits } from './analyse-name.ts';
import { joinSpacedNumbers, type WordPieces } from './analyse-text.ts';
import { foldText } from './fold-text.ts';
import { splitIntoUnits } from './split-into-units.ts';
import { stemWord } from './stem-word.ts';
import { stopWordsOf, withoutCjkQuestions } from './stop-words.ts';
import { subwordTerms } from './subword-terms.ts';
import type { Unit } from './unit.ts';

/** A term of the question: any of the variants counts as it (one per language of the documents). */
export type QueryTerm = {
  variants: string[];
  /** How often the question says it. */
  weight: number;
};

export type QueryTerms = {
  words: QueryTerm[];
  subwords: QueryTerm[];
  /** To be looked for among the terms of files' names. */
  names: QueryTerm[];
};

/**
 * The terms of a question. Stop words and question words are left out, unless nothing else is left.
 *
 * @param languages of the documents that are searched, BCP 47, as detected; may be empty.
 */
export function analyseQuery(text: string, languages: readonly string[], pieces: WordPieces): QueryTerms {
  const question = joinSpacedNumbers(text);
  const isStopWord = stopWordTest(splitIntoUnits(question), languages);
  const kept = (units: Unit[]) => units.filter(unit => !isStopWord(unit) && !isLetterOfWhole(unit));
  const units = firstFilled(
    () => kept(splitIntoUnits(withoutCjkQuestions(question))),
    () => kept(splitIntoUnits(question)),
    () => splitIntoUnits(question),
  );
  const named = firstFilled(
    () => kept(nameUnits(question)),
    () => nameUnits(question),
  );
  return {
    words: collect(units.map(unit => wordVariants(unit, languages))),
    subwords: collect(
      units
        .filter(({ subwordsOf }) => subwordsOf !== '')
        .flatMap(({ subwordsOf }) => subwordTerms(subwordsOf, pieces).map(one => [one])),
    ),
    names: collect(named.map(unit => wordVariants(unit, []))),
  };
}

function firstFilled(...attempts: (() => Unit[])[]): Unit[] {
  for (const attempt of attempts) {
    const units = attempt();
    if (units.length > 0) return units;
  }
  return [];
}

/** "U.S.A." is looked for as "usa", not as three letters. */
const isLetterOfWhole = ({ text, role }: Unit) => role === 'part' && /^\p{Script=Latin}$/u.test(text);

/**
 * The word's terms in each language, and that of a text whose language is not known. Those of the word without
 * accents too: a question is often typed without them, or a text was.
 */
function wordVariants({ text, kind }: Unit, languages: readonly string[]): string[] {
  const folded = foldText(text);
  if (kind === 'exact') return [folded];
  const spellings = new Set([text.toLowerCase(), folded]);
  const variants = [...languages, null].flatMap(language =>
    [...spellings].map(spelling => stemWord(spelling, language)),
  );
  return [...new Set(variants)].filter(variant => variant !== '');
}

/**
 * Only the stop words of the language that the question is most likely asked in count: "war" is one in German,
 * "die" too. When two are as likely, a stop word is what is one in both.
 */
function stopWordTest(units: Unit[], languages: readonly string[]): (unit: Unit) => boolean {
  const candidates = [...new Set([...languages, 'en'])].map(stopWordsOf).filter(set => set.size > 0);
  const words = units.filter(({ kind }) => kind === 'word').map(stopForm);
  const counts = candidates.map(set => words.filter(word => set.has(word)).length);
  const most = Math.max(...counts);
  const likely = candidates.filter((_, index) => counts[index] === most);
  const isMixedCase = units.some(({ text }) => /^\p{Ll}{2}/u.test(text));
  // "IT", "US" and "WHO" in a question that is not all in capitals are names.
  const isName = (text: string) => isMixedCase && /^\p{Lu}{2,}$/u.test(text);
  return unit => unit.kind === 'word' && !isName(unit.text) && likely.every(set => set.has(stopForm(unit)));
}

const stopForm = ({ text }: Unit) => foldText(text).replaceAll("'", '');

/** Every term once, with the number of times that it was found. */
function collect(found: string[][]): QueryTerm[] {
  const terms = new Map<string, QueryTerm>();
  for (const variants of found) {
    const key = variants.join(' ');
    const term = terms.get(key);
    if (term) term.weight += 1;
    else if (variants.length > 0) terms.set(key, { variants, weight: 1 });
  }
  return [...terms.values()];
}
