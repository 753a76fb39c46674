/** The main path of a document: its file becomes text, chunks, passages and embeddings, and then it is found. */
import { isUniqueViolation } from '../../database/database-errors.ts';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { DocumentError } from '../../errors.ts';
import { withSpan } from '../../observing/with-span.ts';
import { bumpIndexVersion, recordChange } from '../document-changes.ts';
import { parseMediaType } from '../fetching/media-type.ts';
import { readWholeFile } from '../file-store.ts';
import type { DocumentReader } from '../reading/document-reader.ts';
import { purgePastVersions } from '../retire-version.ts';
import { type IngestionJob, othersWait } from './ingestion-jobs.ts';
import type { OnIngestionStep } from './ingestion-steps.ts';
import { readPassageBatch, saveEmbeddings } from './passage-store.ts';
import { savePlan } from './save-plan.ts';
import { enterStage, publishVersion, readVersion } from './version-store.ts';

export type IngestionParts = {
  db: Db;
  embedder: Embedder;
  reader: DocumentReader;
  onStep: OnIngestionStep;
};

/** Passages embedded between two saves: about a third of a second of work, lost at most by a crash. */
const PASSAGES_PER_SAVE = 32;
/** A job that runs for so long looks whether other workspaces wait for their turn. */
const SLICE_MS = 15_000;

/**
 * Does the job's work from where it was left and publishes the version.
 *
 * @param signal ends the work after the batch in hand; all but that batch is saved.
 * @returns whether it is done; it made way for another workspace's job otherwise.
 * @throws LeaseLostError when another worker has taken over or the document was deleted.
 * @throws DocumentError when the file can't be read.
 */
export async function ingestDocument(
  parts: IngestionParts,
  job: IngestionJob,
  signal: AbortSignal,
): Promise<boolean> {
  const { db: wholeDb, onStep } = parts;
  onStep('job-leased');
  const own = { ...parts, db: forWorkspace(wholeDb, job.workspaceId) };
  if (job.savedPosition === null) await planDocument(own, job, signal);
  else await enterStage(own.db, job, 'embedding');
  const isWhole = await withSpan('embedding', {}, () =>
    embedPassages(own, job, { signal, makesWay: () => othersWait(wholeDb, job) }),
  );
  if (!isWhole) return false;
  onStep('all-embedded');
  await withSpan('publishing', {}, () => publishDocument(own, job));
  return true;
}

/** Reads the file and saves its text and how it is cut. Done again from the start when it was interrupted. */
async function planDocument(parts: IngestionParts, job: IngestionJob, signal: AbortSignal): Promise<void> {
  const { db, reader, onStep } = parts;
  await enterStage(db, job, 'parsing');
  const startedAt = performance.now();
  const file = await readFile(db, job);
  onStep('file-read');
  const read = await withSpan('reading', {}, () => reader.read(file, signal));
  onStep('document-parsed');
  const parsingMs = performance.now() - startedAt;
  await enterStage(db, job, 'saving');
  await withSpan('saving', {}, () => savePlan(db, job, { read, parsingMs, onStep }));
  job.savedPosition = 0;
  onStep('plan-saved');
}

/** @throws LeaseLostError when the document is deleted meanwhile. */
async function readFile(db: Db, job: IngestionJob) {
  const version = await readVersion(db, job);
  const bytes = await readWholeFile(db, job.workspaceId, version);
  const { filename, mediaType, givenTitle } = version;
  const { charset } = parseMediaType(mediaType);
  if (bytes) return { bytes, filename, charset, givenTitle: givenTitle ?? undefined };
  await readVersion(db, job);
  throw new DocumentError('document_broken', 'The stored file is not whole. Upload it again.');
}

/** While one batch is embedded the one before is being saved and the next is being read. */
async function embedPassages(
  { db, embedder, onStep }: IngestionParts,
  job: IngestionJob,
  { signal, makesWay }: { signal: AbortSignal; makesWay: () => Promise<boolean> },
): Promise<boolean> {
  const { passageCount: total } = await readVersion(db, job);
  const sliceEnd = performance.now() + SLICE_MS;
  let position = job.savedPosition ?? 0;
  let next = readPassageBatch(db, job, position, PASSAGES_PER_SAVE);
  let saved = Promise.resolve();
  try {
    while (position < total) {
      signal.throwIfAborted();
      const startedAt = performance.now();
      const batch = await next;
      position += batch.length;
      next = readPassageBatch(db, job, position, PASSAGES_PER_SAVE);
      next.catch(() => {}); // Awaited with the next batch; until then it must not count as unhandled.
      const embeddings = await embedder.embedPassages(batch.map(passage => passage.text));
      onStep('batch-embedded');
      await saved;
      const model = { name: embedder.modelName, dimensions: embedder.dimensions ?? 0 };
      const elapsedMs = performance.now() - startedAt;
      saved = saveEmbeddings(db, job, { passages: batch, embeddings, model, position, total, elapsedMs });
      saved.then(() => onStep('batch-saved')).catch(() => {}); // As above.
      if (performance.now() > sliceEnd && position < total && (await makesWay())) return false;
    }
  } finally {
    await saved;
    await next.catch(() => {});
  }
  return true;
}

async function publishDocument({ db, onStep }: IngestionParts, job: IngestionJob): Promise<void> {
  try {
    const leavesPast = await db.transaction().execute(async trx => {
      const replaced = await publishVersion(trx, job);
      await bumpIndexVersion(trx, job.workspaceId);
      await recordChange(trx, job.workspaceId, job.documentId);
      onStep('document-publishing');
      return replaced;
    });
    onStep('document-published');
    if (!leavesPast) return;
  } catch (error) {
    if (!isUniqueViolation(error, 'one_document_per_content')) throw error;
    throw new DocumentError('document_duplicate', 'Another document has the same content by now.', {
      cause: error,
    });
  }
  await purgePastVersions(db);
  onStep('past-version-purged');
}
