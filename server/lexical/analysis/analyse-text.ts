import { foldText } from './fold-text.ts';
import { splitIntoUnits } from './split-into-units.ts';
import { stemWord } from './stem-word.ts';
import { subwordTerms } from './subword-terms.ts';

/** The ids of a word's word pieces (embedding model's tokenizer), without special tokens. */
export type WordPieces = (word: string) => readonly number[];

export type TextTerms = {
  /**
   * Index terms in reading order with repetitions: folded, stemmed; identifiers whole and split; pairs of Chinese,
   * Japanese and Korean characters, triples of Thai, Lao, Khmer and Burmese ones.
   */
  words: string[];
  /**
   * Sub-word units with repetitions: word pieces of Latin-script words, 4-grams of other alphabets, single
   * characters of Chinese, Japanese and Korean, none for Thai and its like, numbers and code identifiers. They
   * begin with "##", so none is a word.
   */
  subwords: string[];
};

/**
 * The terms of a text to be indexed.
 *
 * @param language BCP 47, or null when it is not known.
 * @param pieces should be the same function every time: what is remembered of words is remembered with it.
 */
export function analyseText(text: string, language: string | null, pieces: WordPieces): TextTerms {
  const termsOf = rememberedTerms(language ?? '', pieces);
  const words: string[] = [];
  const subwords: string[] = [];
  for (const run of joinSpacedNumbers(text).match(runPattern) ?? []) {
    const terms = termsOf(run);
    for (const word of terms.words) words.push(word);
    for (const subword of terms.subwords) subwords.push(subword);
  }
  return { words, subwords };
}

/** No unit reaches across white space, but for a section sign and its number. */
const runPattern = /§\s*\d\S*|\S+/gu;

const narrowSpaces = /(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g;

/** "1 000" with spaces that do not break is one number. */
export function joinSpacedNumbers(text: string): string {
  return text.replace(narrowSpaces, '');
}

/** Of all languages together; they take about 25 MB. */
const maxRememberedRuns = 50_000;
const maxRememberedLength = 40;

/** The terms of runs by language. */
type Memory = { runs: Map<string, Map<string, TextTerms>>; count: number };
const remembered = new WeakMap<WordPieces, Memory>();

/** Text repeats its words. What is remembered starts over when full, so memory is bounded. */
function rememberedTerms(language: string, pieces: WordPieces): (run: string) => TextTerms {
  const memory = remembered.get(pieces) ?? { runs: new Map(), count: 0 };
  remembered.set(pieces, memory);
  const known = memory.runs.get(language) ?? new Map<string, TextTerms>();
  memory.runs.set(language, known);
  return run => {
    const found = known.get(run);
    if (found) return found;
    const terms = termsOfRun(run, language, pieces);
    if (run.length > maxRememberedLength) return terms;
    if (memory.count >= maxRememberedRuns) {
      for (const runs of memory.runs.values()) runs.clear();
      memory.count = 0;
    }
    // A copy: V8 cuts a match out of the text as a slice, which would keep the whole document alive.
    known.set(Buffer.from(run, 'utf16le').toString('utf16le'), terms);
    memory.count += 1;
    return terms;
  };
}

function termsOfRun(run: string, language: string, pieces: WordPieces): TextTerms {
  const words: string[] = [];
  const subwords: string[] = [];
  for (const unit of splitIntoUnits(run)) {
    const term = unit.kind === 'word' ? stemWord(unit.text, language) : foldText(unit.text);
    if (term !== '') words.push(term);
    if (unit.subwordsOf !== '')
      for (const subword of subwordTerms(unit.subwordsOf, pieces)) subwords.push(subword);
  }
  return { words, subwords };
}
