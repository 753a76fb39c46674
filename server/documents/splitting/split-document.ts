import type { WordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import { type Chunk, type ChunkOptions, chunkText } from './chunk-text.ts';
import { contextPrefix, maxPrefixPieces } from './context-prefix.ts';
import { type Passage, splitIntoPassages } from './split-into-passages.ts';

export type SplitDocument = {
  chunks: Chunk[];
  passages: Passage[];
  /** Precedes every passage's text when it is embedded and indexed; ends with ". " or is empty. */
  prefix: string;
};

/** 150 to 200 pieces is where retrieval is best (design: retrieval.md, recipe 1). */
const maxPassagePieces = 200;
const maxPassageCharacters = 2000;
/** [CLS] and [SEP]. */
const specialPieces = 2;

/**
 * Chunks and passages of a document's text. Prefix, passage and special tokens together never exceed what
 * the embedding model reads.
 */
export function splitDocument(
  { text, filename }: { text: string; filename: string },
  { chunkSize, chunkOverlap, tokenizer }: ChunkOptions & { tokenizer: WordPieceTokenizer },
): SplitDocument {
  const prefix = contextPrefix(filename, [], tokenizer.count);
  const maxPieces = Math.min(maxPassagePieces, tokenizer.maxPieces - maxPrefixPieces - specialPieces);
  return {
    chunks: chunkText(text, { chunkSize, chunkOverlap }),
    passages: splitIntoPassages(text, {
      maxPieces,
      maxCharacters: maxPassageCharacters,
      countPieces: tokenizer.count,
    }),
    prefix,
  };
}
