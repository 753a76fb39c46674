import { segmentSentences } from '../../embedding/segment-sentences.ts';

export type PassageLimits = {
  /** The most word pieces of a passage. */
  maxPieces: number;
  /** The most UTF-16 units of a passage, from its first to its last character that is not white space. */
  maxCharacters: number;
  /** The number of word pieces of a text, without special tokens. */
  countPieces: (text: string) => number;
};

/** What a passage is put together from: a sentence, or a part of one that is too long for a passage. */
export type PassageUnit = {
  /** Offset of the first character that is not white space. */
  start: number;
  /** Offset after the last character that is not white space. */
  end: number;
  pieces: number;
  /** What a passage would break off at if this unit were its last. */
  endsWith: 'paragraph' | 'sentence' | 'heading' | 'clause' | 'word';
};

/** The units of a text in order: all of it but the white space between them. */
export function passageUnits(text: string, limits: PassageLimits): PassageUnit[] {
  const units: PassageUnit[] = [];
  let paragraphStart = 0;
  for (const sentence of segmentSentences(text)) {
    const content = trimRange(text, sentence.start, sentence.end);
    if (!content) {
      if (/\n/.test(text.slice(sentence.start, sentence.end)))
        paragraphStart = endParagraph(text, units, paragraphStart, limits);
      continue;
    }
    const pieces = piecesOf(text, content, limits);
    if (fits(content, pieces, limits)) units.push({ ...content, pieces, endsWith: 'sentence' });
    else cutSentence(text, content, limits, units);
    if (blankLine.test(text.slice(content.end, sentence.end)))
      paragraphStart = endParagraph(text, units, paragraphStart, limits);
  }
  return units;
}

export function fits(range: { start: number; end: number }, pieces: number, limits: PassageLimits): boolean {
  return pieces <= limits.maxPieces && range.end - range.start <= limits.maxCharacters;
}

/** Infinitely many when the range is too long anyway: counting millions of characters takes a second. */
function piecesOf(text: string, range: { start: number; end: number }, limits: PassageLimits): number {
  if (range.end - range.start > limits.maxCharacters) return Number.POSITIVE_INFINITY;
  return limits.countPieces(text.slice(range.start, range.end));
}

const blankLine = /\n[^\S\n]*\n/;
const endOfStatement = /[.!?…。！？।؟"”’»)\]]$/;

/**
 * Marks the last unit. A short paragraph of one unit without a full stop is a heading or leads to a list: a
 * passage should not end there, for it belongs to what follows.
 */
function endParagraph(
  text: string,
  units: PassageUnit[],
  paragraphStart: number,
  limits: PassageLimits,
): number {
  const last = units.at(-1);
  if (!last || units.length === paragraphStart) return paragraphStart;
  const leadsOn =
    units.length === paragraphStart + 1 &&
    last.pieces * 10 <= limits.maxPieces &&
    !endOfStatement.test(text.slice(last.start, last.end));
  last.endsWith = leadsOn ? 'heading' : 'paragraph';
  return units.length;
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
function cutSentence(
  text: string,
  sentence: { start: number; end: number },
  limits: PassageLimits,
  units: PassageUnit[],
): void {
  const grain = Math.max(1, Math.floor(limits.maxPieces / unitsPerPassage));
  let bundle: PassageUnit | undefined;
  const close = () => {
    if (!bundle) return;
    // The tokenizer deletes U+000B and the like, so two words may be one for it: count the bundle itself.
    const pieces = piecesOf(text, bundle, limits);
    if (fits(bundle, pieces, limits)) units.push({ ...bundle, pieces });
    else cutWord(text, bundle, grain, limits, units);
    bundle = undefined;
  };
  for (const match of text.slice(sentence.start, sentence.end).matchAll(words)) {
    const start = sentence.start + match.index;
    const end = start + match[0].length;
    const pieces = piecesOf(text, { start, end }, limits);
    if (!fits({ start, end }, pieces, limits)) {
      close();
      cutWord(text, { start, end }, grain, limits, units);
      continue;
    }
    if (bundle && (bundle.pieces + pieces > grain || end - bundle.start > limits.maxCharacters)) close();
    bundle = { start: bundle?.start ?? start, end, pieces: (bundle?.pieces ?? 0) + pieces, endsWith: 'word' };
    if (!clauseEnd.test(match[0])) continue;
    bundle.endsWith = 'clause';
    close();
  }
  close();
  const last = units.at(-1);
  if (last) last.endsWith = 'sentence';
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts a word that is too long between graphemes, and a grapheme that is too long between code points. */
function cutWord(
  text: string,
  word: { start: number; end: number },
  grain: number,
  limits: PassageLimits,
  units: PassageUnit[],
): void {
  const maxLength = Math.min(grain, limits.maxCharacters);
  let start = word.start;
  let end = word.start;
  const close = () => {
    const content = trimRange(text, start, end);
    if (content) {
      const pieces = limits.countPieces(text.slice(content.start, content.end));
      units.push({ ...content, pieces, endsWith: 'word' });
    }
    start = end;
  };
  for (const { segment } of graphemes.segment(text.slice(word.start, word.end))) {
    const isTooLong =
      segment.length > limits.maxCharacters ||
      (segment.length > maxLength && limits.countPieces(segment) > limits.maxPieces);
    const parts = isTooLong ? segment : [segment];
    for (const part of parts) {
      if (end + part.length - start > maxLength) close();
      end += part.length;
    }
  }
  close();
}

function trimRange(text: string, start: number, end: number): { start: number; end: number } | undefined {
  const content = text.slice(start, end).trimStart();
  if (content === '') return undefined;
  const from = end - content.length;
  return { start: from, end: from + content.trimEnd().length };
}
