/** What can be quoted of the found texts: their sentences, the items of their lists, the rows of their tables. */
import { segmentSentences } from '../../embedding/segment-sentences.ts';
import type { Excerpt } from '../../retrieval/excerpts.ts';
import type { RetrievedPassage } from '../../retrieval/retriever.ts';

/** A stretch of a document that is read as one, and what it is understood with. */
export type Sentence = {
  /** The found passage in which it begins. */
  passage: RetrievedPassage;
  excerpt: Excerpt;
  kind: 'sentence' | 'item' | 'row' | 'heading';
  /** Offsets in the document's text. */
  start: number;
  end: number;
  /** The document's text from start to end, without white space around it. */
  text: string;
  /** The one before it in the same paragraph. */
  previous: Sentence | undefined;
  /** What it stands under: a line that reads like a heading, one that ends with a colon, or a table's header. */
  lead: Sentence | undefined;
};

const markedHeading = /^#{1,6}\s/;
const itemMarker = /^(?:[-*•‣◦–—·]|\(?(?:\d{1,3}|\p{L})[.)])\s+\S/u;
const onlyMarker = /^\(?(?:\d{1,3}|\p{L})[.)]$/u;
const rowStroke = /\s\|\s|^\|.*\|$|\t/;
const closingMark = /[.!?…;。！？；]["'’”»)\]]*$/u;
const leadsOn = /[:：]$/u;
const MOST_WORDS_OF_A_HEADING = 10;

/** In reading order, each stretch once; headings too, which only explain what stands under them. */
export function findSentences(excerpt: Excerpt): Sentence[] {
  const found: Sentence[] = [];
  const places = new LeadFinder();
  for (const { start, end, isLine, breakBefore } of findStretches(excerpt.text)) {
    const text = excerpt.text.slice(start, end);
    if (!/[\p{L}\p{N}]/u.test(text)) continue;
    const kind = kindOf(text, isLine);
    const from = excerpt.start + start;
    const sentence: Sentence = {
      passage: excerpt.passages.findLast(passage => passage.start <= from) ?? excerpt.best,
      excerpt,
      kind,
      start: from,
      end: excerpt.start + end,
      text,
      previous: breakBefore.length <= 1 && found.at(-1)?.kind === 'sentence' ? found.at(-1) : undefined,
      lead: undefined,
    };
    sentence.lead = places.leadOf(sentence, breakBefore);
    found.push(sentence);
  }
  if (found.every(({ kind }) => kind === 'heading')) makeStatements(found);
  return found;
}

/** Lines that head nothing are what is said: a note of one line, or of several, often has no closing marks. */
function makeStatements(lines: Sentence[]): void {
  for (const line of lines.filter(({ text }) => !markedHeading.test(text))) {
    line.kind = 'sentence';
    if (line.lead?.kind !== 'heading') line.lead = undefined;
  }
}

type Stretch = {
  start: number;
  end: number;
  /** It has a line, or several, of its own. */
  isLine: boolean;
  /** The line breaks before it. */
  breakBefore: string;
};

/** Sentences without the white space around them; a list's number belongs to what it numbers. */
function findStretches(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  let marker: number | undefined;
  for (const sentence of segmentSentences(text)) {
    const raw = text.slice(sentence.start, sentence.end);
    const trimmed = raw.trim();
    if (trimmed === '') continue;
    const start = marker ?? sentence.start + raw.length - raw.trimStart().length;
    marker = onlyMarker.test(trimmed) ? start : undefined;
    if (marker !== undefined) continue;
    const end = sentence.start + raw.trimEnd().length;
    const before = text.slice(stretches.at(-1)?.end ?? 0, start).replace(/[^\n]+/g, '');
    stretches.push({ start, end, isLine: false, breakBefore: before });
  }
  return stretches.map((stretch, index) => ({
    ...stretch,
    isLine:
      (index === 0 || stretch.breakBefore !== '') &&
      (index === stretches.length - 1 || stretches[index + 1]?.breakBefore !== ''),
  }));
}

function kindOf(text: string, isLine: boolean): Sentence['kind'] {
  if (markedHeading.test(text)) return 'heading';
  if (itemMarker.test(text)) return 'item';
  if (isLine && rowStroke.test(text)) return 'row';
  return isLine && readsLikeHeading(text) ? 'heading' : 'sentence';
}

/**
 * A short line of its own without a closing mark: near to many questions, and the answer to few. One that begins
 * with a small letter is a note.
 */
const readsLikeHeading = (text: string) =>
  !closingMark.test(text) &&
  !/^\p{Ll}/u.test(text) &&
  text.split(/\s+/).length <= MOST_WORDS_OF_A_HEADING &&
  text.length <= 100;

/** Remembers what the next sentences stand under. */
class LeadFinder {
  #last: Sentence | undefined;
  #lead: Sentence | undefined;
  #header: Sentence | undefined;

  leadOf(sentence: Sentence, breakBefore: string): Sentence | undefined {
    const last = this.#last;
    this.#last = sentence;
    if (sentence.kind === 'row') return this.#headerOf(sentence, last, breakBefore);
    this.#header = undefined;
    if (last && (last.kind === 'heading' || leadsOn.test(last.text))) this.#lead = last;
    // A list goes on under its lead; a paragraph of its own ends it.
    else if (sentence.kind !== 'item' && last?.kind === 'item') this.#lead = undefined;
    else if (sentence.kind !== 'item' && breakBefore.length > 1) this.#lead = undefined;
    return this.#lead;
  }

  #headerOf(sentence: Sentence, last: Sentence | undefined, breakBefore: string): Sentence | undefined {
    const goesOn = last?.kind === 'row' && breakBefore.length <= 1;
    if (goesOn) return this.#header;
    this.#header = sentence;
    return last && (last.kind === 'heading' || leadsOn.test(last.text)) ? last : undefined;
  }
}
