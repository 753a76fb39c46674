import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient, type Document } from './api-client.ts';
import { ApiError, FileError } from './api-errors.ts';
import type { FoundFile } from './find-files.ts';

export type Outcome =
  | { state: 'ready'; chunks: number }
  /** The server had these bytes before. */
  | { state: 'there' }
  | { state: 'failed'; reason: string };

export type IngestWatcher = {
  /** `fraction` (0–1) of the file's work is done. */
  progressed(file: FoundFile, fraction: number): void;
  ended(file: FoundFile, outcome: Outcome): void;
};

/** Enough that the server always has work while files are hashed and sent; each is streamed from the disk. */
const FILES_AT_ONCE = 4;
/** Small documents are ready within the first of these, large ones take a minute. */
const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 1_000;

/**
 * Sends the files that the server does not have and waits until each is ready. A file that fails does not
 * stop the others.
 *
 * @throws ServerAwayError, or ApiError that concerns every file: the others then were not tried.
 */
export async function ingestFiles(
  url: string,
  files: FoundFile[],
  { signal, watcher }: { signal: AbortSignal; watcher: IngestWatcher },
): Promise<void> {
  const stop = new AbortController();
  const anyEnd = AbortSignal.any([signal, stop.signal]);
  const client = new ApiClient(url, anyEnd);
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
  try {
    const known = await client.findDocument(await hashFile(file.path, watching.signal));
    if (known?.state === 'ready') return { state: 'there' };
    // A failed one is sent again: that is another try.
    if (known && known.state !== 'failed')
      return await waitUntilReady(client, { file, documentId: known.id }, watching);
    const {
      document_id: documentId,
      status,
      duplicate,
      total_chunks: chunks,
    } = await client.uploadDocument(file.path);
    const outcome: Outcome =
      status === 'processed'
        ? { state: 'ready', chunks }
        : await waitUntilReady(client, { file, documentId }, watching);
    return duplicate && outcome.state === 'ready' ? { state: 'there' } : outcome;
  } catch (error) {
    watching.signal.throwIfAborted();
    if (error instanceof FileError || (error instanceof ApiError && !error.concernsAll))
      return { state: 'failed', reason: error.message };
    throw error;
  }
}

async function waitUntilReady(
  client: ApiClient,
  { file, documentId }: { file: FoundFile; documentId: number },
  { signal, watcher }: Watching,
): Promise<Outcome> {
  for (let delayMs = FIRST_POLL_MS; ; delayMs = Math.min(1.5 * delayMs, LONGEST_POLL_MS)) {
    await sleep(delayMs, undefined, { signal });
    const document: Document = await client.getDocument(documentId);
    if (document.state === 'ready') return { state: 'ready', chunks: document.total_chunks };
    if (document.state === 'failed')
      return { state: 'failed', reason: document.error?.message ?? 'The document could not be processed.' };
    watcher.progressed(file, document.progress);
  }
}

/** SHA-256 of the file's bytes, as the server reckons it. */
async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new FileError('can’t be read', { cause: error });
  }
  return hash.digest('hex');
}
