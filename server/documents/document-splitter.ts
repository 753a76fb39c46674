import { Piscina } from 'piscina';
import type { SplitTask } from './split-document-worker.ts';
import type { ChunkOptions } from './splitting/chunk-text.ts';
import type { SplitDocument } from './splitting/split-document.ts';

export type DocumentSplitter = {
  /** Rejects when the worker fails or runs out of memory; the splitter stays usable. */
  split(document: { text: string; filename: string }): Promise<SplitDocument>;
  /** Ends the worker; splits that run or wait are rejected. */
  close(): Promise<void>;
};

type DocumentSplitterOptions = ChunkOptions & {
  modelFolder: string;
  /** Heap of the worker in MiB. */
  maxHeapMb?: number;
};

/** Longer than the pause between two documents of a queue, short enough to free 200 MB while they are embedded. */
const idleTimeoutMs = 1_000;

/** Splits documents one at a time in one worker thread, so that the event loop never waits for it. */
export function createDocumentSplitter({
  modelFolder,
  chunkSize,
  chunkOverlap,
  maxHeapMb = 512,
}: DocumentSplitterOptions): DocumentSplitter {
  const pool = new Piscina<SplitTask, SplitDocument>({
    filename: new URL('./split-document-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleTimeoutMs,
    // A small young generation: as fast, and 110 MB less at the peak of a document of 5 MB.
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: 12 },
  });
  // A worker that dies without a task has nobody to tell: the next split starts another.
  pool.on('error', () => {});

  // One at a time: Piscina starts no new worker for tasks that wait in its queue when the only one dies.
  let last: Promise<unknown> = Promise.resolve();
  // A destroyed pool would start a worker again.
  let closed = false;
  return {
    split({ text, filename }) {
      const run = () => {
        if (closed) throw new Error('The document splitter is closed.');
        return pool.run({ text, filename, modelFolder, chunkSize, chunkOverlap });
      };
      const result = last.then(run, run);
      last = result;
      return result;
    },
    close() {
      closed = true;
      return pool.destroy();
    },
  };
}
