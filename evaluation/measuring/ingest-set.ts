import { createHash } from 'node:crypto';
import type { ApiClient, Document } from '../../cli/api-client.ts';
import { ApiError } from '../../cli/api-errors.ts';
import { awaitDocument } from '../../cli/ingest/await-document.ts';
import { type DataSet, DataSetError, type SetDocument } from '../data-sets/data-set.ts';
import { runParallel } from './run-parallel.ts';

/** So many that the server always has work. */
const DOCUMENTS_AT_ONCE = 8;

type Watching = { signal: AbortSignal; onProgress: (done: number) => void };

/** The set's ids by the server's; documents of the same bytes are one on the server. */
export type DocumentIds = Map<number, string[]>;

/**
 * Uploads the documents, as people do, and waits until all are ready. Those without any text stay out: a few
 * public sets have some.
 *
 * @throws DataSetError when one can't be ingested.
 */
export async function ingestSet(
  client: ApiClient,
  set: DataSet,
  { signal, onProgress }: Watching,
): Promise<DocumentIds> {
  let done = 0;
  // From an earlier run; sending the same bytes again would only be answered with it.
  const known = new Map<string, Document>();
  for (const document of await client.listDocuments())
    if (document.state === 'ready') known.set(document.sha256, document);
  const found = await runParallel(set.documents, DOCUMENTS_AT_ONCE, async document => {
    const id = await ingest({ client, set, known, signal }, document);
    done += 1;
    onProgress(done);
    return id;
  });
  const ids: DocumentIds = new Map();
  for (const [index, { id }] of set.documents.entries()) {
    const documentId = found[index];
    if (documentId !== undefined) ids.set(documentId, [...(ids.get(documentId) ?? []), id]);
  }
  return ids;
}

type Ingestion = { client: ApiClient; set: DataSet; known: Map<string, Document>; signal: AbortSignal };

async function ingest(
  { client, set, known, signal }: Ingestion,
  { id, filename, content }: SetDocument,
): Promise<number | undefined> {
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(content)) return undefined;
  const earlier = known.get(createHash('sha256').update(content).digest('hex'));
  if (earlier) return earlier.id;
  try {
    const { document_id, status } = await client.uploadText(filename, content, id);
    const outcome = status === 'processed' ? undefined : await awaitDocument(client, document_id, { signal });
    if (outcome?.state === 'failed') throw new DataSetError(`${set.name}: ${id}: ${outcome.reason}`);
    // The spans of the set count in the text as it is.
    if (set.ranks === 'passages') await checkText(client, set, { id, content }, document_id);
    return document_id;
  } catch (error) {
    if (error instanceof ApiError && !error.concernsAll)
      throw new DataSetError(`${set.name}: ${id}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function checkText(
  client: ApiClient,
  { name }: DataSet,
  { id, content }: Pick<SetDocument, 'id' | 'content'>,
  documentId: number,
): Promise<void> {
  const { text_length } = await client.getDocument(documentId);
  if (text_length !== content.length)
    throw new DataSetError(
      `${name}: ${id}: the stored text has ${text_length} UTF-16 units, the file ${content.length}: its spans would be wrong.`,
    );
}
