import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { ErrorCode } from '../../../contract/errors.ts';
import { loadWordPieceTokenizer, type WordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import { DocumentError } from '../../errors.ts';
import { lowerPriority } from '../../lower-priority.ts';
import { releaseMemory } from '../../release-memory.ts';
import type { DocumentFile } from './parsed-document.ts';
import { type ReadDocument, type ReadOptions, readDocument } from './read-document.ts';

export type ReadTask = ReadOptions & { file: DocumentFile; modelFolder: string };
/** Errors lose their class on the way between threads, so a refusal comes as a value. */
export type ReadResult =
  | { read: ReadDocument }
  | { refusal: { code: ErrorCode; message: string; extra: Record<string, unknown> | undefined } };

lowerPriority();

let loaded: { modelFolder: string; tokenizer: WordPieceTokenizer } | undefined;

/** Longer than the pause between two documents of a queue. */
const RELEASE_AFTER_MS = 1_000;
let release: NodeJS.Timeout | undefined;

/** Piscina's entry: runs in the worker thread, which loads the tokenizer once. */
export default async function readDocumentTask({
  file,
  modelFolder,
  ...options
}: ReadTask): Promise<ReadResult | ReturnType<typeof handOver>> {
  clearTimeout(release);
  if (loaded?.modelFolder !== modelFolder)
    loaded = { modelFolder, tokenizer: await loadWordPieceTokenizer(modelFolder) };
  try {
    const read = await readDocument(file, { ...options, tokenizer: loaded.tokenizer });
    return handOver(read);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const { code, message, extra } = error;
    return { refusal: { code, message, extra } };
  } finally {
    release = setTimeout(releaseMemory, RELEASE_AFTER_MS);
  }
}

/** Piscina puts the value in the place of what is returned, and moves the buffers instead of copying them. */
function handOver(read: ReadDocument) {
  const result: ReadResult = { read };
  return move({
    [transferableSymbol]: [
      read.units.buffer,
      read.chunks.buffer,
      read.passages.buffer,
      read.lexical.lengths.buffer,
      ...read.lexical.runs.map(({ buffer }) => buffer),
    ],
    [valueSymbol]: result,
  });
}
