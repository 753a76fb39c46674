import { countTokens, maxCharactersPerToken } from '../../language-model/gpt2-tokens.ts';
import type { ChunkBoundaries } from './chunk-boundaries.ts';
import type { Range } from './passage-units.ts';
import { PieceMerger } from './piece-merger.ts';

/** A part of a document that is counted, shown and given to the model: `text.slice(start, end)`. */
export type Chunk = {
  /** Offset of the first UTF-16 unit. */
  start: number;
  /** Offset after the last UTF-16 unit. */
  end: number;
  /** GPT-2 tokens of exactly this slice. */
  tokenCount: number;
};

export type ChunkOptions = {
  /** The most GPT-2 tokens of a chunk. */
  chunkSize: number;
  /** About how many tokens at a chunk's end come again at the start of the next. */
  chunkOverlap: number;
};

type Separator = {
  text: string;
  /** How much of it stays with the piece before it: a full stop ends its sentence, a space starts a token. */
  kept: number;
};

/** From coarse to fine; a piece that is still too long with the last one is cut between code points. */
const separators: Separator[] = [
  { text: '\n\n', kept: 0 },
  { text: '\n', kept: 0 },
  { text: '. ', kept: 1 },
  { text: '? ', kept: 1 },
  { text: '! ', kept: 1 },
  { text: ' ', kept: 0 },
];

const noBoundaries: ChunkBoundaries = { sectionStarts: [], isInsideBlock: () => false };

/**
 * Cuts a text into overlapping chunks as LangChain's RecursiveCharacterTextSplitter does (split at the
 * coarsest separator present, merge pieces up to the size, split what is too long at the next one), but on
 * offsets and with the token count of the slice itself, not the sum over pieces, held to `chunkSize`.
 * White space at both ends of a chunk is left out; every other character is in some chunk. Starts and ends
 * increase strictly. Only a single code point of more tokens than `chunkSize` may exceed it.
 *
 * With boundaries, the starts of sections are the coarsest separator (as "\n# " is in LangChain's splitter
 * for Markdown), and no separator inside a block that fits in a chunk is one.
 */
export function chunkText(text: string, options: ChunkOptions, boundaries = noBoundaries): Chunk[] {
  const merger = new PieceMerger(text, options);
  const cuts = separators.map(separator => (range: Range) => splitAt(text, range, separator, boundaries));
  if (boundaries.sectionStarts.length > 0) cuts.unshift(() => splitAtStarts(text, boundaries.sectionStarts));
  splitRange(text, { start: 0, end: text.length }, cuts, options.chunkSize, merger);
  return merger.chunks;
}

type Cut = (range: Range) => Iterable<Range>;

/** @param cuts From coarse to fine; recursion goes no deeper than the list is long. */
function splitRange(text: string, range: Range, cuts: Cut[], chunkSize: number, merger: PieceMerger): void {
  const [cut, ...finer] = cuts;
  for (const { start, end } of cut ? cut(range) : splitCodePoints(text, range)) {
    // A piece that is all of a range is known to be too long; only the text itself has not been counted.
    const isKnown = end - start === range.end - range.start && end - start < text.length;
    const tokens = cut && isKnown ? undefined : tokensIfFitting(text, start, end, chunkSize);
    if (tokens !== undefined || !cut) {
      merger.push({ start, end, tokens: tokens ?? countTokens(text.slice(start, end)) });
      continue;
    }
    merger.flush();
    splitRange(text, { start, end }, finer, chunkSize, merger);
  }
  merger.flush();
}

function* splitAtStarts(text: string, starts: number[]): Generator<Range> {
  let start = 0;
  for (const next of starts) {
    if (next > start) yield { start, end: next };
    start = next;
  }
  yield { start, end: text.length };
}

function* splitAt(
  text: string,
  range: Range,
  separator: Separator,
  { isInsideBlock }: ChunkBoundaries,
): Generator<Range> {
  // A slice, so that looking for a separator that does not come any more ends at the range's end.
  const slice = text.slice(range.start, range.end);
  let start = 0;
  let found = slice.indexOf(separator.text);
  while (found !== -1) {
    const cut = found + separator.kept;
    if (!isInsideBlock(range.start + cut)) {
      if (cut > start) yield { start: range.start + start, end: range.start + cut };
      start = cut;
    }
    found = slice.indexOf(separator.text, found + separator.text.length);
  }
  if (start < slice.length) yield { start: range.start + start, end: range.end };
}

function* splitCodePoints(text: string, range: { start: number; end: number }) {
  for (let start = range.start; start < range.end; ) {
    const units = (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
    yield { start, end: start + units };
    start += units;
  }
}

/** The tokens of a piece, when both it and what is left of it after trimming fit into a chunk. */
function tokensIfFitting(text: string, start: number, end: number, chunkSize: number): number | undefined {
  const length = end - start;
  if (length > chunkSize * maxCharactersPerToken) return undefined;
  const piece = text.slice(start, end);
  const tokens = length === 1 && piece < '\u0080' ? 1 : countTokens(piece);
  if (tokens > chunkSize) return undefined;
  // " word" may be one token and "word" two. No UTF-16 unit has more than three bytes, so three tokens.
  const mayGrow = length * 3 > chunkSize && /^\s/.test(piece);
  return mayGrow && countTokens(piece.trim()) > chunkSize ? undefined : tokens;
}
