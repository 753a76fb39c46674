import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../api-client.ts';

export type Processed = { state: 'ready'; chunks: number } | { state: 'failed'; reason: string };

type Waiting = {
  signal: AbortSignal;
  /** `fraction` (0–1) of the work on the document is done. */
  onProgress?: (fraction: number) => void;
};

/** Small documents are ready within the first of these, large ones take a minute. */
const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 1_000;

/** Waits until the server has processed a document, or the new version that is to replace it. */
export async function awaitDocument(
  client: Pick<ApiClient, 'getDocument'>,
  documentId: number,
  { signal, onProgress }: Waiting,
): Promise<Processed> {
  for (let delayMs = FIRST_POLL_MS; ; delayMs = Math.min(1.5 * delayMs, LONGEST_POLL_MS)) {
    await sleep(delayMs, undefined, { signal });
    const document = await client.getDocument(documentId);
    const { state, error, progress } = document.replacement ?? document;
    if (state === 'ready') return { state, chunks: document.total_chunks };
    if (state === 'failed')
      return { state, reason: error?.message ?? 'The document could not be processed.' };
    onProgress?.(progress);
  }
}
