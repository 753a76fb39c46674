import { LRUCache } from 'lru-cache';
import { analyseQuery } from '../../lexical/analysis/analyse-query.ts';
import { foldText } from '../../lexical/analysis/fold-text.ts';
import { splitIntoUnits } from '../../lexical/analysis/split-into-units.ts';
import { stemWord } from '../../lexical/analysis/stem-word.ts';
import type { Unit } from '../../lexical/analysis/unit.ts';

/** PostgreSQL takes lexemes below 2 KiB, and all of a tsvector's below 1 MiB. */
const MOST_TERM_CHARACTERS = 60;
const MOST_BYTES = 500_000;

/** What is searched for; every term must be there. */
export type SessionSearch = { terms: SearchTerm[] };

/** Any of the words counts as the term, or any word that begins with one of the beginnings. */
type SearchTerm = { words: string[]; beginnings: string[] };

/**
 * The terms that a message or a title is found by: stems, and the words themselves, so that one that is being
 * typed is found by its beginning. The language is not known: Latin letters are taken for English.
 */
export function searchTerms(text: string): string[] {
  const terms = new Set<string>();
  let bytes = 0;
  // No word reaches across white space.
  for (const [run] of text.matchAll(/\S+/g))
    for (const term of termsOfRun(run)) {
      if (terms.has(term)) continue;
      bytes += Buffer.byteLength(term);
      if (bytes > MOST_BYTES) return [...terms];
      terms.add(term);
    }
  return [...terms];
}

/** Texts repeat their words, and taking one apart costs 20 µs. */
const remembered = new LRUCache<string, string[]>({ max: 20_000 });
const MOST_REMEMBERED_CHARACTERS = 40;

function termsOfRun(run: string): string[] {
  const known = remembered.get(run);
  if (known) return known;
  const terms = splitIntoUnits(run)
    .flatMap(unit => [stemOf(unit), foldText(unit.text)])
    .map(term => term.slice(0, MOST_TERM_CHARACTERS).toWellFormed())
    .filter(term => term !== '');
  // A copy: V8 cuts a match out of the text as a slice, which would keep the whole message alive.
  if (run.length <= MOST_REMEMBERED_CHARACTERS)
    remembered.set(Buffer.from(run, 'utf16le').toString('utf16le'), [...new Set(terms)]);
  return terms;
}

const stemOf = ({ kind, text }: Unit) => (kind === 'word' ? stemWord(text, null) : foldText(text));

/** What somebody looks for among messages; undefined when it holds neither letters nor digits. */
export function parseSearch(text: string): SessionSearch | undefined {
  const terms = analyseQuery(text, [], () => []).words.map(
    ({ variants }): SearchTerm => ({ words: variants, beginnings: [] }),
  );
  const typed = splitIntoUnits(text).at(-1);
  const last = typed && terms.findLast(({ words }) => words.includes(stemOf(typed)));
  // Perhaps it goes on.
  if (typed && last) last.beginnings = [...new Set([foldText(typed.text), ...last.words])];
  return terms.length === 0 ? undefined : { terms };
}

/** In the syntax of PostgreSQL's tsquery. */
export function toTsquery({ terms }: SessionSearch): string {
  const quote = (word: string) =>
    `'${word.slice(0, MOST_TERM_CHARACTERS).toWellFormed().replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return terms
    .map(({ words, beginnings }) => [...words.map(quote), ...beginnings.map(word => `${quote(word)}:*`)])
    .map(alternatives => `(${alternatives.join(' | ')})`)
    .join(' & ');
}

/** Says of a word of a text which term of the search it is; -1 for none. Texts repeat their words. */
export function termFinder({ terms }: SessionSearch): (word: string) => number {
  const known = new Map<string, number>();
  const initials = new Set(
    terms.flatMap(({ words, beginnings }) => [...words, ...beginnings].map(word => word.charAt(0))),
  );
  return word => {
    // Most words end here: no stem begins with another letter than its word.
    const [, plain] = /^\W*([A-Za-z]+)\W*$/.exec(word) ?? [];
    if (plain && !initials.has(plain.charAt(0).toLowerCase())) return -1;
    const before = known.get(word);
    if (before !== undefined) return before;
    const found = searchTerms(word);
    const term = terms.findIndex(({ words, beginnings }) =>
      found.some(one => words.includes(one) || beginnings.some(beginning => one.startsWith(beginning))),
    );
    known.set(word, term);
    return term;
  };
}
