import { EventEmitter } from 'node:events';
import PQueue from 'p-queue';
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

/**
 * Longer than most documents are embedded: a new thread loads its modules and reads at a third of the speed, until
 * they are compiled, which is 2 s of processor time.
 */
const idleTimeoutMs = 20_000;
/** Reading a text of 5 MB takes 100 MB more of memory than reading a small one. */
const LARGE_FILE_BYTES = 1_000_000;
/** A file is read in a twentieth of the time that its embedding takes: large ones lose nothing by waiting for each other. */
const THREADS_PER_LARGE_FILE = 3;
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
    // Waiting by Atomics would hold up the thread's timers, and with them the release of its memory.
    atomics: 'disabled',
    // A small young generation: as fast, and 110 MB less at the peak of a document of 5 MB.
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: 12 },
  });
  // A worker that dies while it starts leaves its task waiting for ever (Piscina starts no other).
  const failed = new EventEmitter().setMaxListeners(0);
  pool.on('error', error => failed.emit('worker-lost', error));

  // Piscina starts no new worker for tasks that wait in its queue when one dies: none ever waits there.
  const files = new PQueue({ concurrency: threads });
  const largeFiles = new PQueue({ concurrency: Math.max(1, Math.floor(threads / THREADS_PER_LARGE_FILE)) });
  // A destroyed pool would start a worker again.
  let closed = false;
  const readInThread: DocumentReader['read'] = async (file, signal) => {
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
    }
  };
  return {
    read(file, signal) {
      const read = () => files.add(() => readInThread(file, signal), { signal });
      return file.bytes.length > LARGE_FILE_BYTES ? largeFiles.add(read, { signal }) : read();
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
