/** Whether there is a job exactly while there is work, and nothing is left behind when there is none. */
import { sql } from 'kysely';
import { deleteAbandonedFiles } from '../file-store.ts';
import { requeueVersion } from '../requeue-version.ts';
import { clearFailedVersions, purgeVersion } from '../retire-version.ts';
import { type Check, findRows } from './check.ts';

/** Younger than this it may be under way. */
const settled = sql`now() - interval '5 minutes'`;

export const workChecks: Check[] = [
  {
    name: 'abandoned_uploads',
    meaning: 'Files whose upload ended with its process. Repairing removes them.',
    find: db =>
      findRows(
        db,
        sql`SELECT workspace_id, NULL::bigint AS document_id, id, byte_size || ' bytes' AS detail
          FROM stored_files WHERE document_id IS NULL AND updated_at < now() - interval '15 minutes'`,
      ),
    repair: async db => void (await deleteAbandonedFiles(db)),
  },
  {
    name: 'past_versions',
    meaning: 'Replaced or deleted versions whose rows are still there. Repairing removes them.',
    find: db =>
      findRows(
        db,
        sql`SELECT workspace_id, document_id, id, 'version ' || id AS detail
          FROM document_versions WHERE role = 'past' AND updated_at < ${settled}`,
      ),
    repair: (db, { workspaceId, id }) => purgeVersion(db, workspaceId, id),
  },
  {
    name: 'failed_leftovers',
    meaning: 'Passages of documents that failed. Repairing removes them; the document stays for another try.',
    find: db =>
      findRows(
        db,
        sql`SELECT workspace_id, document_id, id, passage_count || ' passages' AS detail
          FROM document_versions WHERE state = 'failed' AND passage_count > 0 AND updated_at < ${settled}`,
      ),
    repair: db => clearFailedVersions(db),
  },
  {
    name: 'documents_without_version',
    meaning: 'Documents that hold nothing at all. Repairing removes them.',
    find: db =>
      findRows(
        db,
        sql`SELECT workspace_id, id AS document_id, id, 'no version' AS detail FROM documents AS document
          WHERE NOT EXISTS (SELECT 1 FROM document_versions AS version
            WHERE version.workspace_id = document.workspace_id AND version.document_id = document.id)`,
      ),
    repair: async (db, { workspaceId, id }) => {
      await db.deleteFrom('documents').where('workspace_id', '=', workspaceId).where('id', '=', id).execute();
    },
  },
  {
    name: 'versions_without_job',
    meaning: 'Documents that wait for work that nobody will do. Repairing queues it.',
    find: db =>
      findRows(
        db,
        sql`SELECT workspace_id, document_id, id, 'in state ' || state AS detail FROM document_versions AS version
          WHERE state IN ('queued', 'reading', 'indexing') AND NOT EXISTS (SELECT 1 FROM ingestion_jobs AS job
            WHERE job.workspace_id = version.workspace_id AND job.version_id = version.id)`,
      ),
    repair: (db, { workspaceId, documentId, id }) =>
      db
        .transaction()
        .execute(trx => requeueVersion(trx, workspaceId, { versionId: id, documentId: documentId ?? 0 })),
  },
  {
    name: 'jobs_without_work',
    meaning: 'Jobs of documents on which there is nothing to do. Repairing removes them.',
    find: db =>
      findRows(
        db,
        sql`SELECT job.workspace_id, version.document_id, job.id, 'in state ' || version.state AS detail
          FROM ingestion_jobs AS job JOIN document_versions AS version
            ON version.workspace_id = job.workspace_id AND version.id = job.version_id
          WHERE version.state NOT IN ('queued', 'reading', 'indexing') OR version.role = 'past'`,
      ),
    repair: async (db, { workspaceId, id }) => {
      await db
        .deleteFrom('ingestion_jobs')
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .execute();
    },
  },
  {
    name: 'stuck_leases',
    meaning: 'Jobs held by a worker that has been silent for minutes. Repairing gives them to others.',
    find: db =>
      findRows(
        db,
        sql`SELECT job.workspace_id, version.document_id, job.id, 'since ' || job.lease_until AS detail
          FROM ingestion_jobs AS job JOIN document_versions AS version
            ON version.workspace_id = job.workspace_id AND version.id = job.version_id
          WHERE job.lease_owner IS NOT NULL AND job.lease_until < ${settled}`,
      ),
    repair: async (db, { workspaceId, id }) => {
      await db
        .updateTable('ingestion_jobs')
        .set({ lease_owner: null, lease_until: null })
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .where('lease_until', '<', sql<Date>`now()`)
        .execute();
    },
  },
];
