import { countTokens } from '../../language-model/gpt2-tokens.ts';
import type { Chunk, ChunkOptions } from './chunk-text.ts';

/** What chunks are put together from. */
export type Piece = { start: number; end: number; tokens: number };

/** Collects pieces and emits a chunk whenever the next one would be too much (LangChain's _merge_splits). */
export class PieceMerger {
  readonly #chunks: ChunkList;
  readonly #chunkSize: number;
  readonly #chunkOverlap: number;
  #window: Piece[] = [];
  /** Sum over the window. */
  #tokens = 0;
  /** How many pieces at the window's start are in a chunk already. */
  #emitted = 0;

  constructor(text: string, { chunkSize, chunkOverlap }: ChunkOptions) {
    this.#chunks = new ChunkList(text, chunkSize);
    this.#chunkSize = chunkSize;
    this.#chunkOverlap = chunkOverlap;
  }

  get chunks(): Chunk[] {
    return this.#chunks.list;
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
