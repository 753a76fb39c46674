import { sentencesInWindows } from './sentence-windows.ts';

export type PassageLimits = {
  /** The most word pieces of a passage. */
  maxPieces: number;
  /** The most UTF-16 units of a passage, from its first to its last character that is not white space. */
  maxCharacters: number;
  /** The number of word pieces of a text, without special tokens. */
  countPieces: (text: string) => number;
};

/** What a passage is put together from: a sentence, part of one that is too long, or a block that stays whole. */
export type PassageUnit = {
  /** Offset of the first character that is not white space. */
  start: number;
  /** Offset after the last character that is not white space. */
  end: number;
  pieces: number;
  /**
   * What a passage would break off at if this unit were its last. `title`: a heading or a table's header row,
   * which nothing but a limit separates from what follows; `heading`: what reads like one, or leads to a list;
   * `part`: an item, a row, a stretch of code, whose list, table or code goes on; `inside`: a sentence of a
   * paragraph that should stay whole.
   */
  endsWith: 'paragraph' | 'part' | 'sentence' | 'inside' | 'title' | 'heading' | 'clause' | 'word';
};

export type Range = { start: number; end: number };

/** What must share a passage with the next unit: headings and a table's header row. */
export type Lead = { start: number; pieces: number };

/** Sentences stand between `start` and `end`. */
export type Stretch = Range & {
  /** The first sentence is cut when it and this don't fit in one passage. */
  lead?: Lead | undefined;
  /** What the stretch's end is, where it is known to be one. */
  endsWith?: 'paragraph' | 'part' | 'heading' | undefined;
};

/** The units of running text in order: all of it but the white space between them. */
export function* passageUnits(text: string, stretch: Stretch, limits: PassageLimits): Generator<PassageUnit> {
  // What a unit ends with isn't known before what follows it is.
  let waiting: PassageUnit | undefined;
  let unitsInParagraph = 0;
  let { lead } = stretch;
  const endParagraph = () => {
    if (waiting && unitsInParagraph > 0)
      waiting.endsWith = unitsInParagraph === 1 && leadsOn(text, waiting, limits) ? 'heading' : 'paragraph';
    unitsInParagraph = 0;
  };
  for (const sentence of sentencesInWindows(text, stretch.start, stretch.end)) {
    const content = trimRange(text, sentence.start, sentence.end);
    if (!content) {
      if (/\n/.test(text.slice(sentence.start, sentence.end))) endParagraph();
      continue;
    }
    for (const unit of unitsOfSentence(text, content, limits, lead)) {
      if (waiting) yield waiting;
      waiting = unit;
      unitsInParagraph += 1;
    }
    lead = undefined;
    if (waiting) waiting.endsWith = 'sentence';
    if (blankLine.test(text.slice(content.end, sentence.end))) endParagraph();
  }
  if (stretch.endsWith === 'paragraph') endParagraph();
  else if (waiting && stretch.endsWith) waiting.endsWith = stretch.endsWith;
  if (waiting) yield waiting;
}

export function fits(range: Range, pieces: number, limits: PassageLimits): boolean {
  return pieces <= limits.maxPieces && range.end - range.start <= limits.maxCharacters;
}

/** Whether a range fits in a passage together with what leads to it. */
export function fitsAfter(
  lead: Lead | undefined,
  range: Range,
  pieces: number,
  limits: PassageLimits,
): boolean {
  if (!lead) return fits(range, pieces, limits);
  return fits({ start: lead.start, end: range.end }, lead.pieces + pieces, limits);
}

/** Infinitely many when the range is too long anyway: counting millions of characters takes a second. */
export function piecesOf(text: string, range: Range, limits: PassageLimits): number {
  if (range.end - range.start > limits.maxCharacters) return Number.POSITIVE_INFINITY;
  return limits.countPieces(text.slice(range.start, range.end));
}

const blankLine = /\n[^\S\n]*\n/;
const endOfStatement = /[.!?…。！？।؟"”’»)\]]$/;

/**
 * A short paragraph of one unit without a full stop is a heading or leads to a list: a passage should not end
 * there, for it belongs to what follows.
 */
function leadsOn(text: string, paragraph: PassageUnit, limits: PassageLimits): boolean {
  return (
    paragraph.pieces * 10 <= limits.maxPieces &&
    !endOfStatement.test(text.slice(paragraph.start, paragraph.end))
  );
}

function* unitsOfSentence(
  text: string,
  sentence: Range,
  limits: PassageLimits,
  lead: Lead | undefined,
): Generator<PassageUnit> {
  const pieces = piecesOf(text, sentence, limits);
  if (fitsAfter(lead, sentence, pieces, limits)) yield { ...sentence, pieces, endsWith: 'sentence' };
  else yield* cutSentence(text, sentence, limits, lead);
}

const cjkClausePunctuation = '、，；：。！？';
const words = new RegExp(
  `(?:[^\\s${cjkClausePunctuation}]+[${cjkClausePunctuation}]*|[${cjkClausePunctuation}]+)`,
  'g',
);
const clauseEnd = new RegExp(`(?:[,;:)\\]–—]|[${cjkClausePunctuation}])$`);

/** A twentieth of a passage: fine enough to fill evenly, coarse enough to keep the number of units small. */
const unitsPerPassage = 20;

/** Cuts a sentence that is too long into bundles of words that end at a clause where one ends. */
function* cutSentence(
  text: string,
  sentence: Range,
  limits: PassageLimits,
  lead: Lead | undefined,
): Generator<PassageUnit> {
  const grain = Math.max(1, Math.floor(limits.maxPieces / unitsPerPassage));
  let bundle: PassageUnit | undefined;
  for (const match of text.slice(sentence.start, sentence.end).matchAll(words)) {
    const start = sentence.start + match.index;
    const end = start + match[0].length;
    const pieces = piecesOf(text, { start, end }, limits);
    const isTooLong = !fitsAfter(start === sentence.start ? lead : undefined, { start, end }, pieces, limits);
    const isFull = bundle && (bundle.pieces + pieces > grain || end - bundle.start > limits.maxCharacters);
    if (bundle && (isTooLong || isFull)) {
      yield* soundUnits(text, bundle, grain, limits);
      bundle = undefined;
    }
    if (isTooLong) {
      yield* cutWord(text, { start, end }, grain, limits);
      continue;
    }
    const endsWith = clauseEnd.test(match[0]) ? 'clause' : 'word';
    bundle = { start: bundle?.start ?? start, end, pieces: (bundle?.pieces ?? 0) + pieces, endsWith };
    if (endsWith === 'word') continue;
    yield* soundUnits(text, bundle, grain, limits);
    bundle = undefined;
  }
  if (bundle) yield* soundUnits(text, bundle, grain, limits);
}

/** The tokenizer deletes U+000B and the like, so two words may be one for it: a bundle is counted itself. */
function* soundUnits(
  text: string,
  bundle: PassageUnit,
  grain: number,
  limits: PassageLimits,
): Generator<PassageUnit> {
  const pieces = piecesOf(text, bundle, limits);
  if (fits(bundle, pieces, limits)) yield { ...bundle, pieces };
  else yield* cutWord(text, bundle, grain, limits);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts a word that is too long between graphemes, and a grapheme that is too long between code points. */
function* cutWord(text: string, word: Range, grain: number, limits: PassageLimits): Generator<PassageUnit> {
  const maxLength = Math.min(grain, limits.maxCharacters);
  let start = word.start;
  let end = word.start;
  for (const { segment } of graphemes.segment(text.slice(word.start, word.end))) {
    const isTooLong =
      segment.length > limits.maxCharacters ||
      (segment.length > maxLength && limits.countPieces(segment) > limits.maxPieces);
    const parts = isTooLong ? segment : [segment];
    for (const part of parts) {
      if (end + part.length - start > maxLength) {
        yield* wordPart(text, start, end, limits);
        start = end;
      }
      end += part.length;
    }
  }
  yield* wordPart(text, start, end, limits);
}

function* wordPart(text: string, start: number, end: number, limits: PassageLimits): Generator<PassageUnit> {
  const content = trimRange(text, start, end);
  if (!content) return;
  const pieces = limits.countPieces(text.slice(content.start, content.end));
  yield { ...content, pieces, endsWith: 'word' };
}

export function trimRange(text: string, start: number, end: number): Range | undefined {
  const content = text.slice(start, end).trimStart();
  if (content === '') return undefined;
  const from = end - content.length;
  return { start: from, end: from + content.trimEnd().length };
}
