import { ApiClient, type Server } from '../api-client.ts';
import { ApiError, FileError } from '../api-errors.ts';
import { sourceOf } from '../sync/document-source.ts';
import { awaitDocument, type Processed } from './await-document.ts';
import type { FoundFile } from './find-files.ts';
import { hashFile } from './hash-file.ts';

/** `there`: the server had these bytes before. */
export type Outcome = Processed | { state: 'there' };

export type IngestWatcher = {
  /** `fraction` (0–1) of the file's work is done. */
  progressed(file: FoundFile, fraction: number): void;
  ended(file: FoundFile, outcome: Outcome): void;
};

/** Enough that the server always has work while files are hashed and sent; each is streamed from the disk. */
const FILES_AT_ONCE = 4;

/**
 * Sends the files that the server does not have and waits until each is ready. A file that fails does not
 * stop the others.
 *
 * @throws ServerAwayError, or ApiError that concerns every file: the others then were not tried.
 */
export async function ingestFiles(
  server: Server,
  files: FoundFile[],
  { signal, watcher }: { signal: AbortSignal; watcher: IngestWatcher },
): Promise<void> {
  const stop = new AbortController();
  const anyEnd = AbortSignal.any([signal, stop.signal]);
  const client = new ApiClient(server, anyEnd);
  const queue = files.values();
  const work = async () => {
    for (const file of queue) {
      anyEnd.throwIfAborted();
      watcher.ended(file, await ingestFile(client, file, { signal: anyEnd, watcher }));
    }
  };
  const workers = Array.from({ length: FILES_AT_ONCE }, () => work().catch(error => stop.abort(error)));
  await Promise.all(workers);
  signal.throwIfAborted();
  stop.signal.throwIfAborted();
}

type Watching = { signal: AbortSignal; watcher: IngestWatcher };

async function ingestFile(client: ApiClient, file: FoundFile, watching: Watching): Promise<Outcome> {
  const waiting = {
    signal: watching.signal,
    onProgress: (fraction: number) => watching.watcher.progressed(file, fraction),
  };
  try {
    const known = await client.findDocument(await hashFile(file.path, watching.signal));
    if (known?.state === 'ready') return { state: 'there' };
    // A failed one is sent again: that is another try.
    if (known && known.state !== 'failed') return await awaitDocument(client, known.id, waiting);
    const {
      document_id: documentId,
      status,
      duplicate,
      total_chunks: chunks,
    } = await client.uploadDocument(file.path, await sourceOf(file.path));
    const outcome: Outcome =
      status === 'processed' ? { state: 'ready', chunks } : await awaitDocument(client, documentId, waiting);
    return duplicate && outcome.state === 'ready' ? { state: 'there' } : outcome;
  } catch (error) {
    watching.signal.throwIfAborted();
    if (error instanceof FileError || (error instanceof ApiError && !error.concernsAll))
      return { state: 'failed', reason: error.message };
    throw error;
  }
}
