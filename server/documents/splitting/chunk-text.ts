import { countTokens, maxCharactersPerToken } from '../../language-model/gpt2-tokens.ts';

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

type Piece = { start: number; end: number; tokens: number };
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

/**
 * Cuts a text into overlapping chunks as LangChain's RecursiveCharacterTextSplitter does (split at the
 * coarsest separator present, merge pieces up to the size, split what is too long at the next one), but on
 * offsets and with the token count of the slice itself, not the sum over pieces, held to `chunkSize`.
 * White space at both ends of a chunk is left out; every other character is in some chunk. Starts and ends
 * increase strictly. Only a single code point of more tokens than `chunkSize` may exceed it.
 */
export function chunkText(text: string, { chunkSize, chunkOverlap }: ChunkOptions): Chunk[] {
  const chunks = new ChunkList(text, chunkSize);
  const merger = new PieceMerger(chunks, chunkSize, chunkOverlap);
  splitRange(text, { start: 0, end: text.length }, 0, chunkSize, merger);
  return chunks.list;
}

/** Recursion goes no deeper than the list of separators is long. */
function splitRange(
  text: string,
  range: { start: number; end: number },
  level: number,
  chunkSize: number,
  merger: PieceMerger,
): void {
  const separator = separators[level];
  const pieces = separator ? splitAt(text, range, separator) : splitCodePoints(text, range);
  for (const { start, end } of pieces) {
    const isWhole = separator !== undefined && start === range.start && end === range.end;
    const tokens = isWhole && level > 0 ? undefined : tokensIfFitting(text, start, end, chunkSize);
    if (tokens !== undefined || !separator) {
      merger.push({ start, end, tokens: tokens ?? countTokens(text.slice(start, end)) });
      continue;
    }
    merger.flush();
    splitRange(text, { start, end }, level + 1, chunkSize, merger);
  }
  merger.flush();
}

function* splitAt(text: string, range: { start: number; end: number }, separator: Separator) {
  // A slice, so that looking for a separator that does not come any more ends at the range's end.
  const slice = text.slice(range.start, range.end);
  let start = 0;
  let found = slice.indexOf(separator.text);
  while (found !== -1) {
    const cut = found + separator.kept;
    if (cut > start) yield { start: range.start + start, end: range.start + cut };
    start = cut;
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

/** Collects pieces and emits a chunk whenever the next one would be too much (LangChain's _merge_splits). */
class PieceMerger {
  readonly #chunks: ChunkList;
  readonly #chunkSize: number;
  readonly #chunkOverlap: number;
  #window: Piece[] = [];
  /** Sum over the window. */
  #tokens = 0;
  /** How many pieces at the window's start are in a chunk already. */
  #emitted = 0;

  constructor(chunks: ChunkList, chunkSize: number, chunkOverlap: number) {
    this.#chunks = chunks;
    this.#chunkSize = chunkSize;
    this.#chunkOverlap = chunkOverlap;
  }

  push(piece: Piece): void {
    while (this.#window.length > 0 && this.#tokens + piece.tokens > this.#chunkSize) this.#emit(piece.tokens);
    this.#window.push(piece);
    this.#tokens += piece.tokens;
  }

  flush(): void {
    while (this.#emitted < this.#window.length) this.#emit(this.#chunkSize);
    this.#window = [];
    this.#tokens = 0;
    this.#emitted = 0;
  }

  /** Emits a chunk, unless only overlap is left, and drops pieces until the overlap and `incoming` fit. */
  #emit(incoming: number): void {
    if (this.#emitted < this.#window.length) this.#emitted = this.#chunks.append(this.#window);
    let dropped = 0;
    let overlap = this.#window.slice(0, this.#emitted).reduce((sum, piece) => sum + piece.tokens, 0);
    while (
      dropped < this.#emitted &&
      (overlap > this.#chunkOverlap || this.#tokens + incoming > this.#chunkSize)
    ) {
      const tokens = this.#window[dropped]?.tokens ?? 0;
      overlap -= tokens;
      this.#tokens -= tokens;
      dropped += 1;
    }
    this.#window.splice(0, dropped);
    this.#emitted -= dropped;
  }
}

class ChunkList {
  readonly list: Chunk[] = [];
  readonly #text: string;
  readonly #chunkSize: number;

  constructor(text: string, chunkSize: number) {
    this.#text = text;
    this.#chunkSize = chunkSize;
  }

  /**
   * Appends the chunk of these adjoining pieces and returns how many of them it covers: tokens of a whole are
   * seldom more than the sum over its pieces, but then the last pieces must wait for the next chunk.
   */
  append(pieces: Piece[]): number {
    for (let count = pieces.length; count > 0; count--) {
      const chunk = this.#trimmed(pieces[0]?.start ?? 0, pieces[count - 1]?.end ?? 0);
      if (!chunk) return count;
      if (chunk.tokenCount > this.#chunkSize && count > 1) continue;
      this.#add(chunk);
      return count;
    }
    return 0;
  }

  #trimmed(start: number, end: number): Chunk | undefined {
    const slice = this.#text.slice(start, end);
    const content = slice.trimStart();
    if (content === '') return undefined;
    const from = end - content.length;
    const trimmed = content.trimEnd();
    return { start: from, end: from + trimmed.length, tokenCount: countTokens(trimmed) };
  }

  /** White space between pieces can leave a chunk inside its neighbour: then only the larger stays. */
  #add(chunk: Chunk): void {
    const last = this.list.at(-1);
    if (last && chunk.end <= last.end) return;
    if (last && chunk.start <= last.start) this.list.pop();
    this.list.push(chunk);
  }
}
