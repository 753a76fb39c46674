import type { ApiClient } from './api-client.ts';
import type { File } from './texts.ts';

const UPLOADS_AT_ONCE = 4;

export type Ingested = { seconds: number; passages: number; sizeBytes: number };

type Options = { respondAsync: boolean; pollMs?: number };

/** Uploads the files, four at a time, and waits until all are ready. */
export async function ingestFiles(
  client: ApiClient,
  files: File[],
  { respondAsync, pollMs = 50 }: Options,
): Promise<Ingested> {
  const waiting = [...files];
  const documentIds: number[] = [];
  const startedAt = performance.now();
  const uploadAll = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift())
      documentIds.push(await client.upload(file, { respondAsync }));
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, uploadAll));
  const documents = [];
  for (const documentId of documentIds) documents.push(await client.waitUntilReady(documentId, pollMs));
  return {
    seconds: (performance.now() - startedAt) / 1000,
    passages: documents.reduce((sum, document) => sum + document.total_passages, 0),
    sizeBytes: documents.reduce((sum, document) => sum + document.byte_size, 0),
  };
}
