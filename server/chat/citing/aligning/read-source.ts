import { segmentSentences } from '../../../embedding/segment-sentences.ts';
import { guessLanguage } from './guess-language.ts';
import { readSentence, type SentenceTerms } from './read-sentence.ts';

/** A source as a model reads it. */
export type SourceText = {
  number: number;
  /** The stretch of the document. */
  text: string;
  /** What stands above it: the file's name, the title, headings. A claim may repeat it. */
  context: string;
};

/** A sentence, a list item or a table row: the smallest thing that is cited. Offsets in the source's text. */
export type SourceUnit = SentenceTerms & {
  start: number;
  end: number;
  /** Of a table. */
  isRow: boolean;
  /** Of scripts that are written in pairs of characters. */
  characters: Set<string>;
};

export type ReadSource = {
  number: number;
  text: string;
  language: string | undefined;
  units: SourceUnit[];
  /** Indexes of the units that have a term, ascending. */
  postings: Map<string, number[]>;
  context: SentenceTerms;
};

const ideographs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

export function readSource({ number, text, context }: SourceText): ReadSource {
  const language = guessLanguage(text);
  const units: SourceUnit[] = splitSource(text).map(range => ({
    ...range,
    ...readSentence(text.slice(range.start, range.end), language),
    characters: new Set(text.slice(range.start, range.end).match(ideographs)),
  }));
  const postings = new Map<string, number[]>();
  for (const [index, { terms }] of units.entries())
    for (const term of terms.keys()) {
      const posting = postings.get(term);
      if (posting) posting.push(index);
      else postings.set(term, [index]);
    }
  return { number, text, language, units, postings, context: readSentence(context, language) };
}

/** Cells of a row stand between these (the document's text has its tables so). */
const cellBorder = ' | ';

/** The units of a text without the white space around them; what has no letter and no digit is none. */
function splitSource(text: string): { start: number; end: number; isRow: boolean }[] {
  const ranges: { start: number; end: number; isRow: boolean }[] = [];
  let isRow = false;
  for (const { start, end } of segmentSentences(text)) {
    const raw = text.slice(start, end);
    const last = ranges.at(-1);
    // A sentence may end within a cell: the row goes on.
    if (isRow && last && !text.slice(last.end, start).includes('\n')) last.end = trimmedEnd(text, start, end);
    else if (/[\p{L}\p{N}]/u.test(raw)) {
      isRow = lineAt(text, start + raw.search(/\S/)).includes(cellBorder);
      ranges.push({ start: start + raw.search(/\S/), end: trimmedEnd(text, start, end), isRow });
    }
  }
  return ranges;
}

const trimmedEnd = (text: string, start: number, end: number) =>
  start + text.slice(start, end).trimEnd().length;

function lineAt(text: string, index: number): string {
  const end = text.indexOf('\n', index);
  return text.slice(text.lastIndexOf('\n', index) + 1, end < 0 ? undefined : end);
}
