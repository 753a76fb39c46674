/** Which sentences are shown, with what they are understood with, and where they stand in the document. */
import { areNearDuplicates, shinglesOf } from '../../retrieval/near-duplicates.ts';
import { beginsWithPronoun } from './begins-with-pronoun.ts';
import type { Sentence } from './find-sentences.ts';

/** A stretch of a document, verbatim. */
export type Quote = {
  documentId: number;
  filename: string;
  /** `text` is the document's text from start to end. */
  start: number;
  end: number;
  text: string;
  /** The same as it is shown: prose is one line, an item or a row has its own. */
  lines: string[];
  /** Of the best sentence in it. */
  score: number;
};

export type RankedSentence = { sentence: Sentence; score: number };

const MOST_SENTENCES = 3;
/** Of all quotes together; the best sentence is quoted whatever its length. */
const MOST_WORDS = 120;
/** A further sentence must come this near to the best. */
const NEAR_BEST = 0.75;
/** Items or rows after a line that leads to them. */
const MOST_FOLLOWING = 8;

/**
 * @param ranked best first, without headings.
 * @param all of the excerpts' sentences in reading order.
 * @returns quotes in the order of their best sentence.
 */
export function chooseQuotes(ranked: RankedSentence[], all: Sentence[]): Quote[] {
  const best = ranked[0]?.score ?? 0;
  const chosen: Chosen[] = [];
  let words = 0;
  for (const { sentence, score } of ranked) {
    if (chosen.length >= MOST_SENTENCES || (chosen.length > 0 && score < NEAR_BEST * best)) break;
    if (isSaid(sentence, chosen)) continue;
    const room = MOST_WORDS - words;
    const own = countWords(sentence.text);
    if (chosen.length > 0 && own > room) continue;
    const with_ = addContext(sentence, all, room - own).filter(one => !isQuoted(one, chosen));
    const stretches = [...with_, sentence];
    words += stretches.reduce((sum, { text }) => sum + countWords(text), 0);
    chosen.push({ stretches, score, shingles: shinglesOf(sentence.text) });
  }
  return toQuotes(chosen, all);
}

type Chosen = { stretches: Sentence[]; score: number; shingles: Set<string> };

const isQuoted = (sentence: Sentence, chosen: Chosen[]) =>
  chosen.some(({ stretches }) => stretches.includes(sentence));

const isSaid = (sentence: Sentence, chosen: Chosen[]) => {
  if (isQuoted(sentence, chosen)) return true;
  const shingles = shinglesOf(sentence.text);
  return chosen.some(other => areNearDuplicates(shingles, other.shingles));
};

/** What a sentence is not understood without, as far as there is room for its words. */
function addContext(sentence: Sentence, all: Sentence[], room: number): Sentence[] {
  const added: Sentence[] = [];
  let left = room;
  const add = (one: Sentence | undefined) => {
    const words = one ? countWords(one.text) : 0;
    if (!one || words > left) return false;
    left -= words;
    added.push(one);
    return true;
  };
  if (sentence.kind !== 'sentence') add(sentence.lead);
  else if (sentence.previous && beginsWithPronoun(sentence.text)) add(sentence.previous);
  else if (sentence.lead?.kind === 'heading' && all.indexOf(sentence) === all.indexOf(sentence.lead) + 1)
    add(sentence.lead);
  if (/[:：]$/u.test(sentence.text))
    for (const next of all.slice(all.indexOf(sentence) + 1).slice(0, MOST_FOLLOWING))
      if (next.lead !== sentence || !add(next)) break;
  return added;
}

/** Stretches that touch in a document become one quote, in the place of the better one. */
function toQuotes(chosen: Chosen[], all: Sentence[]): Quote[] {
  const orderOf = new Map(all.map((sentence, index) => [sentence, index]));
  const order = (sentence: Sentence) => orderOf.get(sentence) ?? 0;
  const scored = chosen
    .flatMap(({ stretches, score }) => stretches.map(sentence => ({ sentence, score })))
    .sort((a, b) => order(a.sentence) - order(b.sentence));
  const runs: (typeof scored)[] = [];
  for (const one of scored) {
    const run = runs.at(-1);
    const last = run?.at(-1)?.sentence;
    if (run && last?.excerpt === one.sentence.excerpt && touch(last, one.sentence)) run.push(one);
    else runs.push([one]);
  }
  return runs
    .map(run =>
      toQuote(
        run.map(({ sentence }) => sentence),
        Math.max(...run.map(({ score }) => score)),
      ),
    )
    .sort((a, b) => b.score - a.score);
}

/** Nothing but white space, or the line under a table's header, stands between them. */
const touch = (a: Sentence, b: Sentence) => {
  const { excerpt } = a;
  return !/[\p{L}\p{N}]/u.test(excerpt.text.slice(a.end - excerpt.start, b.start - excerpt.start));
};

function toQuote(run: Sentence[], score: number): Quote {
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last) throw new Error('a quote has at least one sentence');
  const { excerpt } = first;
  const lines: string[] = [];
  for (const [index, { kind, text }] of run.entries()) {
    const line = text.replace(/\s+/g, ' ');
    const goesOn = kind === 'sentence' && run[index - 1]?.kind === 'sentence';
    if (goesOn) lines.push(`${lines.pop() ?? ''} ${line}`);
    else lines.push(line);
  }
  return {
    documentId: first.passage.documentId,
    filename: first.passage.filename,
    start: first.start,
    end: last.end,
    text: excerpt.text.slice(first.start - excerpt.start, last.end - excerpt.start),
    lines,
    score,
  };
}

/** A pair of Chinese or Japanese characters counts as a word. */
function countWords(text: string): number {
  const unspaced =
    text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  const spaced =
    text.match(
      /[[\p{L}\p{M}\p{N}'’\-]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]]+/gv,
    )?.length ?? 0;
  return spaced + Math.ceil(unspaced / 2);
}
