import { sql } from 'kysely';
import type { Db, Trx } from '../../database/open-database.ts';
import type { IngestionStage } from '../../database/schema.ts';
import { recordChange } from '../document-changes.ts';
import { lockJobs } from '../replace-document.ts';
import { type IngestionJob, LeaseLostError, removeJob, savePosition } from './ingestion-jobs.ts';

/** What the work on a version has to know of it. */
export type WorkingVersion = {
  fileId: number;
  filename: string;
  /** With its charset where the file was fetched with one that it needs. */
  mediaType: string;
  /** By a person, of the document. */
  givenTitle: string | null;
  byteSize: number;
  passageCount: number;
};

/** @throws LeaseLostError when the version is gone. */
export async function readVersion(db: Db, { workspaceId, versionId }: IngestionJob): Promise<WorkingVersion> {
  const version = await db
    .selectFrom('document_versions as version')
    .innerJoin('documents as document', join =>
      join
        .onRef('document.workspace_id', '=', 'version.workspace_id')
        .onRef('document.id', '=', 'version.document_id'),
    )
    .select([
      'version.file_id as fileId',
      'version.filename',
      'version.media_type as mediaType',
      'document.title as givenTitle',
      'version.byte_size as byteSize',
      'version.passage_count as passageCount',
    ])
    .where('version.workspace_id', '=', workspaceId)
    .where('version.id', '=', versionId)
    .executeTakeFirst();
  if (!version) throw new LeaseLostError();
  return version;
}

/** Begins a stage: what the document is doing now. */
export async function enterStage(db: Db, job: IngestionJob, stage: IngestionStage): Promise<void> {
  await db.transaction().execute(async trx => {
    await savePosition(trx, job, job.savedPosition);
    await trx
      .updateTable('document_versions')
      .set({
        state: stage === 'embedding' ? 'indexing' : 'reading',
        stage,
        updated_at: new Date(),
        // From the upload to the first attempt.
        timings: sql<string>`jsonb_build_object(
          'queued_ms', round(extract(epoch FROM now() - created_at) * 1000)::int) || timings`,
      })
      .where('workspace_id', '=', job.workspaceId)
      .where('id', '=', job.versionId)
      .execute();
    await recordChange(trx, job.workspaceId, job.documentId);
  });
}

/** The value of `timings` with the milliseconds that stages took now added to what they took before. */
export function addTimings(elapsedMs: Partial<Record<IngestionStage, number>>) {
  const added = Object.entries(elapsedMs).map(
    ([stage, ms]) => sql`${`${stage}_ms`}::text,
      coalesce((timings ->> ${`${stage}_ms`}::text)::int, 0) + ${Math.round(ms)}::int`,
  );
  return sql<string>`timings || jsonb_build_object(${sql.join(added)})`;
}

/**
 * Makes the version the one that is found: a replacement takes the place of the current one.
 *
 * @returns whether a past version was left behind.
 * @throws LeaseLostError; a violation of one_document_per_content when another document has its bytes by now.
 */
export async function publishVersion(trx: Trx, job: IngestionJob): Promise<boolean> {
  await lockJobs(trx, job.workspaceId, job.documentId);
  await removeJob(trx, job);
  await removeCurrentJob(trx, job);
  // The current one gives way first: only one at a time may have the role.
  const { numUpdatedRows } = await trx
    .updateTable('document_versions')
    .set({ role: 'past', state: 'deleting', updated_at: new Date() })
    .where('workspace_id', '=', job.workspaceId)
    .where('document_id', '=', job.documentId)
    .where('role', '=', 'current')
    .where('id', '!=', job.versionId)
    .executeTakeFirst();
  await trx
    .updateTable('document_versions')
    .set({
      role: 'current',
      state: 'ready',
      stage: null,
      progress: 1,
      updated_at: new Date(),
      processing_ms: sql<number>`coalesce((timings ->> 'parsing_ms')::int, 0)
        + coalesce((timings ->> 'saving_ms')::int, 0) + coalesce((timings ->> 'embedding_ms')::int, 0)`,
    })
    .where('workspace_id', '=', job.workspaceId)
    .where('id', '=', job.versionId)
    .execute();
  return numUpdatedRows > 0n;
}

/** A replacement can be ready before what it replaces: the work on that must not publish it afterwards. */
async function removeCurrentJob(trx: Trx, job: IngestionJob): Promise<void> {
  await trx
    .deleteFrom('ingestion_jobs')
    .where('workspace_id', '=', job.workspaceId)
    .where('version_id', 'in', versions =>
      versions
        .selectFrom('document_versions')
        .select('id')
        .where('workspace_id', '=', job.workspaceId)
        .where('document_id', '=', job.documentId)
        .where('role', '=', 'current')
        .where('id', '!=', job.versionId),
    )
    .execute();
}

/** Ends a job whose work can't be done: the version says why, and is kept for another try. */
export async function failVersion(trx: Trx, job: IngestionJob, code: string, message: string): Promise<void> {
  await removeJob(trx, job);
  await trx
    .updateTable('document_versions')
    .set({ state: 'failed', stage: null, error_code: code, error_message: message, updated_at: new Date() })
    .where('workspace_id', '=', job.workspaceId)
    .where('id', '=', job.versionId)
    .execute();
  await recordChange(trx, job.workspaceId, job.documentId);
}
