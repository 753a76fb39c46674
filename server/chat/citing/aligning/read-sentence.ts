import { foldText } from '../../../lexical/analysis/fold-text.ts';
import { splitIntoUnits } from '../../../lexical/analysis/split-into-units.ts';
import { stemWord } from '../../../lexical/analysis/stem-word.ts';
import { stopWordsOf } from '../../../lexical/analysis/stop-words.ts';
import type { Unit } from '../../../lexical/analysis/unit.ts';
import { findQuantities, type Quantity } from '../numbers/find-quantities.ts';
import { isNegator, type Side, sideOf } from './polarity.ts';

/** What counts when two sentences are compared. */
export type SentenceTerms = {
  /** Content words by their stems, with whether one of them is a name, and their places. */
  terms: Map<string, { isName: boolean; places: number[] }>;
  quantities: Quantity[];
  /** Places of negations. */
  negations: number[];
  /** Words with an opposite, by axis and side, and their places. */
  sides: { axis: string; sign: 1 | -1; place: number }[];
};

/** @param language chooses stemmer and stop words; undefined when it is not known. */
export function readSentence(text: string, language: string | undefined): SentenceTerms {
  const read: SentenceTerms = {
    terms: new Map(),
    quantities: findQuantities(text),
    negations: [],
    sides: [],
  };
  for (const [place, unit] of splitIntoUnits(text).entries()) {
    const { negates, side, term } = factsOf(unit, language);
    if (negates) read.negations.push(place);
    if (side) read.sides.push({ ...side, place });
    if (term === '') continue;
    const known = read.terms.get(term) ?? { isName: false, places: [] };
    known.isName ||= isName(unit, place);
    known.places.push(place);
    read.terms.set(term, known);
  }
  return read;
}

type Facts = { negates: boolean; side: Side | undefined; term: string };

/** Text repeats its words. Starts over when full, so memory is bounded. */
const remembered = new Map<string, Facts>();
const mostRemembered = 20_000;

function factsOf(unit: Unit, language: string | undefined): Facts {
  const key = `${language} ${unit.kind} ${unit.role} ${unit.text}`;
  const known = remembered.get(key);
  if (known) return known;
  const lower = unit.text.toLowerCase();
  const negates = isNegator(lower);
  const facts = { negates, side: sideOf(lower), term: negates ? '' : contentTerm(unit, language) };
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, facts);
  return facts;
}

/** Empty for what says nothing; numbers are compared by their values, and a word with a hyphen by its parts. */
function contentTerm({ text, kind, role }: Unit, language: string | undefined): string {
  if (/^\p{N}/u.test(text) && !/\p{L}/u.test(text)) return '';
  if (role === 'whole' && kind === 'word') return '';
  const folded = foldText(text);
  if (stopWordsOf(language ?? 'en').has(folded.replaceAll("'", ''))) return '';
  return kind === 'word' ? stemWord(text, language ?? null) : folded;
}

/** A capital within a sentence, or several in a word; at a sentence's start it says nothing. */
function isName({ text }: Unit, place: number): boolean {
  return /^.+\p{Lu}|\p{L}\p{N}|\p{N}\p{L}/u.test(text) || (place > 0 && /^\p{Lu}/u.test(text));
}
