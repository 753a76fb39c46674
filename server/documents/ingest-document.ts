/** The main path of a document: its text becomes chunks, passages and embeddings, and then it is found. */
import { readDocumentText } from '../database/document-text.ts';
import type { Db } from '../database/open-database.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { DocumentSplitter } from './document-splitter.ts';
import { bumpIndexVersion, findDocument } from './document-store.ts';
import { type IngestionJob, LeaseLostError, removeJob } from './ingestion-jobs.ts';
import { deletePlan, readPassages, type StoredPassage, saveEmbeddings, savePlan } from './passage-store.ts';

export type IngestionParts = { db: Db; embedder: Embedder; splitter: DocumentSplitter };

/** Passages embedded between two saves: about a third of a second of work, lost at most by a crash. */
const PASSAGES_PER_SAVE = 32;

/**
 * Does the job's work from where it was left and publishes the document.
 *
 * @param signal ends the work after the batch in hand; all but that batch is saved.
 * @throws LeaseLostError when another worker has taken over or the document was deleted.
 */
export async function ingestDocument(
  parts: IngestionParts,
  job: IngestionJob,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  const text = await readDocumentText(parts.db, job.workspaceId, job.documentId);
  if (job.savedPosition === null) await planDocument(parts, job, text);
  const passages = await readPassages(parts.db, job);
  await embedPassages(parts, job, { text, passages, signal });
  await publishDocument(parts.db, job, Math.round(performance.now() - startedAt));
}

/** Cuts the text and saves the cuts. Done again from the start when it was interrupted. */
async function planDocument(
  { db, splitter }: IngestionParts,
  job: IngestionJob,
  text: string,
): Promise<void> {
  await setState(db, job, 'reading');
  const document = await findDocument(db, job.workspaceId, job.documentId);
  if (!document) throw new LeaseLostError();
  const split = await splitter.split({ text, filename: document.filename });
  await savePlan(db, job, split);
  await setState(db, job, 'indexing');
}

/** While one batch is being saved the next is being embedded. */
async function embedPassages(
  { db, embedder }: IngestionParts,
  job: IngestionJob,
  { text, passages, signal }: { text: string; passages: StoredPassage[]; signal: AbortSignal },
): Promise<void> {
  let saved = Promise.resolve();
  try {
    for (let from = job.savedPosition ?? 0; from < passages.length; from += PASSAGES_PER_SAVE) {
      signal.throwIfAborted();
      const batch = passages.slice(from, from + PASSAGES_PER_SAVE);
      const texts = batch.map(({ prefix, start, end }) => prefix + text.slice(start, end).trim());
      const embeddings = await embedder.embedPassages(texts);
      await saved;
      const position = from + batch.length;
      const model = { name: embedder.modelName, dimensions: embedder.dimensions ?? 0 };
      saved = saveEmbeddings(db, job, {
        passages: batch,
        embeddings,
        model,
        position,
        total: passages.length,
      });
      saved.catch(() => {}); // Awaited with the next batch; until then it must not count as unhandled.
    }
  } finally {
    await saved;
  }
}

async function publishDocument(db: Db, job: IngestionJob, elapsedMs: number): Promise<void> {
  await db.transaction().execute(async trx => {
    await removeJob(trx, job);
    await trx
      .updateTable('documents')
      .set(row => ({
        state: 'ready',
        progress: 1,
        updated_at: new Date(),
        // Earlier attempts count too.
        processing_ms: row(row.fn.coalesce('processing_ms', row.lit(0)), '+', elapsedMs),
      }))
      .where('workspace_id', '=', job.workspaceId)
      .where('id', '=', job.documentId)
      .execute();
    await bumpIndexVersion(trx, job.workspaceId);
  });
}

async function setState(db: Db, job: IngestionJob, state: 'reading' | 'indexing'): Promise<void> {
  await db
    .updateTable('documents')
    .set({ state, updated_at: new Date() })
    .where('workspace_id', '=', job.workspaceId)
    .where('id', '=', job.documentId)
    .execute();
}

/** Ends a job whose work can't be done: the document says why, and is kept for another try. */
export async function failDocument(db: Db, job: IngestionJob, code: string, message: string): Promise<void> {
  await db.transaction().execute(async trx => {
    await removeJob(trx, job);
    await deletePlan(trx, job);
    await trx
      .updateTable('documents')
      .set({
        state: 'failed',
        error_code: code,
        error_message: message,
        chunk_count: 0,
        passage_count: 0,
        updated_at: new Date(),
      })
      .where('workspace_id', '=', job.workspaceId)
      .where('id', '=', job.documentId)
      .execute();
  });
}
