import { loadWordPieceTokenizer, type WordPieceTokenizer } from '../embedding/word-piece-tokenizer.ts';
import type { ChunkOptions } from './splitting/chunk-text.ts';
import { type SplitDocument, splitDocument } from './splitting/split-document.ts';

export type SplitTask = ChunkOptions & { text: string; filename: string; modelFolder: string };

let loaded: { modelFolder: string; tokenizer: WordPieceTokenizer } | undefined;

/** Piscina's entry: runs in the worker thread, which loads the tokenizer once. */
export default async function splitDocumentTask(task: SplitTask): Promise<SplitDocument> {
  const { modelFolder, chunkSize, chunkOverlap } = task;
  if (loaded?.modelFolder !== modelFolder)
    loaded = { modelFolder, tokenizer: await loadWordPieceTokenizer(modelFolder) };
  return splitDocument(task, { chunkSize, chunkOverlap, tokenizer: loaded.tokenizer });
}
