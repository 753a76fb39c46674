import { EventEmitter } from 'node:events';
import { Piscina } from 'piscina';
import { DocumentError } from '../../errors.ts';
import type { DocumentFile } from './parsed-document.ts';
import type { ReadDocument, ReadOptions } from './read-document.ts';
import type { ReadResult, ReadTask } from './read-document-worker.ts';
import { watchMemory } from './watch-memory.ts';

export type DocumentReader = {
  /**
   * Parses and splits a file; its bytes go to the worker and are empty afterwards.
   *
   * @throws DocumentError, also when the worker took too long or too much memory; the reader stays usable.
   */
  read(file: DocumentFile & { bytes: Uint8Array<ArrayBuffer> }, signal: AbortSignal): Promise<ReadDocument>;
  /** Ends the workers; what runs is rejected. */
  close(): Promise<void>;
};

type DocumentReaderOptions = ReadOptions & {
  modelFolder: string;
  /** Files read at once; each has a thread. */
  threads: number;
  timeoutMs: number;
  /** Heap of a thread in MiB. */
  maxHeapMb: number;
};

/** Longer than the pause between two documents of a queue, short enough to free 200 MB while they are embedded. */
const idleTimeoutMs = 1_000;
/** How many times the heap's limit the whole process may grow while a file is read. */
const OUTSIDE_OF_HEAP = 2;

/** Reads files in worker threads, so that the event loop never waits and a hostile file ends its thread only. */
export function createDocumentReader(options: DocumentReaderOptions): DocumentReader {
  const { modelFolder, threads, timeoutMs, maxHeapMb, chunkSize, chunkOverlap } = options;
  const pool = new Piscina<ReadTask, ReadResult>({
    filename: new URL('./read-document-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleTimeoutMs,
    // A small young generation: as fast, and 110 MB less at the peak of a document of 5 MB.
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: 12 },
  });
  // A worker that dies while it starts leaves its task waiting for ever (Piscina starts no other).
  const failed = new EventEmitter().setMaxListeners(0);
  pool.on('error', error => failed.emit('worker-lost', error));

  const slots = new Slots(threads);
  // A destroyed pool would start a worker again.
  let closed = false;
  return {
    async read(file, signal) {
      // Piscina starts no new worker for tasks that wait in its queue when one dies: none ever waits there.
      await slots.take();
      const ending = new AbortController();
      const end = (reason: Error) => ending.abort(reason);
      const timer = setTimeout(() => end(tookTooLong(timeoutMs)), timeoutMs);
      const endWatch = watchMemory(OUTSIDE_OF_HEAP * maxHeapMb, () => end(tookTooMuch(maxHeapMb)));
      failed.once('worker-lost', end);
      try {
        if (closed) throw new Error('The document reader is closed.');
        // May change while the server runs.
        const { maxTextBytes } = options;
        const task = { file, modelFolder, chunkSize, chunkOverlap, maxTextBytes };
        const either = AbortSignal.any([ending.signal, signal]);
        const result = await pool.run(task, { transferList: [file.bytes.buffer], signal: either });
        if ('read' in result) return result.read;
        const { code, message, extra } = result.refusal;
        throw new DocumentError(code, message, extra && { extra });
      } catch (error) {
        if (ending.signal.aborted) throw ending.signal.reason;
        throw isOutOfMemory(error) ? tookTooMuch(maxHeapMb, error) : error;
      } finally {
        clearTimeout(timer);
        endWatch();
        failed.off('worker-lost', end);
        slots.release();
      }
    },
    close() {
      closed = true;
      return pool.destroy();
    },
  };
}

const tookTooLong = (timeoutMs: number) =>
  new DocumentError(
    'document_too_complex',
    `Reading the file took longer than ${timeoutMs / 1000} seconds (READING_TIMEOUT_SECONDS).`,
  );

const tookTooMuch = (maxHeapMb: number, cause?: unknown) =>
  new DocumentError(
    'document_too_complex',
    `Reading the file took more than ${maxHeapMb} MB of memory (READING_MEMORY_MB).`,
    { cause },
  );

const isOutOfMemory = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

/** So many at a time, in the order of asking. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
