import { sql } from 'kysely';
import type { DocumentFields } from '../../contract/documents.ts';
import type { Db, Trx } from '../database/open-database.ts';
import { DocumentError } from '../errors.ts';
import { describeSize } from './describe-size.ts';
import { recordChange } from './document-changes.ts';
import { lockDocument, setFields } from './document-store.ts';
import { deleteFile } from './file-store.ts';
import { requeueVersion } from './requeue-version.ts';
import { dropOrRestoreFile } from './restore-file.ts';
import type { StagedUpload } from './stage-upload.ts';

export type AcceptedDocument = {
  documentId: number;
  /** The same bytes were there already, ready or on their way. */
  duplicate: boolean;
};

type Quota = {
  /** Of all files of the workspace together; undefined: no limit. */
  maxStoredBytes: number | undefined;
};

/**
 * Makes a document of a staged upload: document, version and job in one transaction, so that from here on
 * it can't be lost. The same bytes give the document that has them; if that had failed, it is tried again.
 *
 * @throws DocumentError quota_exceeded
 */
export async function acceptDocument(
  db: Db,
  workspaceId: number,
  upload: StagedUpload,
  { fields, maxStoredBytes }: { fields: DocumentFields } & Quota,
): Promise<AcceptedDocument> {
  return withStagedFile(db, workspaceId, upload, () =>
    db.transaction().execute(async trx => {
      // Uploads of the same bytes wait here for each other; the lock ends with the transaction.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${workspaceId} ${upload.sha256}`}, 0))`.execute(
        trx,
      );
      const existing = await lockCurrent(trx, workspaceId, upload.sha256);
      if (existing) {
        await dropOrRestoreFile(trx, workspaceId, existing, upload);
        if (existing.state !== 'failed') return { documentId: existing.documentId, duplicate: true };
        await requeueVersion(trx, workspaceId, existing);
        await renameVersion(trx, workspaceId, existing.versionId, upload);
        await setFields(trx, workspaceId, existing.documentId, fields);
        return { documentId: existing.documentId, duplicate: false };
      }
      await checkQuota(trx, workspaceId, upload, maxStoredBytes);
      const documentId = await insertDocument(trx, workspaceId, fields);
      await insertVersion(trx, workspaceId, { documentId, role: 'current', upload });
      return { documentId, duplicate: false };
    }),
  );
}

/** The staged file goes away when what was to be made of it could not be. */
export async function withStagedFile<Result>(
  db: Db,
  workspaceId: number,
  { fileId }: StagedUpload,
  use: () => Promise<Result>,
): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    await deleteFile(db, workspaceId, fileId).catch(() => {}); // The sweep of abandoned files finds it.
    throw error;
  }
}

/** The name says the format: another one can be what makes a second try succeed. */
async function renameVersion(
  trx: Trx,
  workspaceId: number,
  versionId: number,
  { filename, mediaType }: StagedUpload,
): Promise<void> {
  await trx
    .updateTable('document_versions')
    .set({ filename, media_type: mediaType })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', versionId)
    .execute();
}

/** The document that has the content. It may be deleted or replaced while its lock is waited for. */
async function lockCurrent(trx: Trx, workspaceId: number, sha256: string) {
  const found = await findCurrent(trx, workspaceId, sha256);
  if (!found) return undefined;
  await lockDocument(trx, workspaceId, found.documentId);
  return findCurrent(trx, workspaceId, sha256);
}

async function findCurrent(trx: Trx, workspaceId: number, sha256: string) {
  return trx
    .selectFrom('document_versions')
    .select(['id as versionId', 'document_id as documentId', 'file_id as fileId', 'state'])
    .where('workspace_id', '=', workspaceId)
    .where('sha256', '=', sha256)
    .where('role', '=', 'current')
    .executeTakeFirst();
}

/** @throws DocumentError quota_exceeded */
export async function checkQuota(
  trx: Trx,
  workspaceId: number,
  { fileId, byteSize }: StagedUpload,
  maxStoredBytes: number | undefined,
): Promise<void> {
  if (maxStoredBytes === undefined) return;
  // What only past versions have is on its way out.
  const { rows } = await sql<{ stored: number }>`
    SELECT coalesce(sum(byte_size), 0)::bigint AS stored FROM stored_files AS file
    WHERE workspace_id = ${workspaceId} AND id <> ${fileId} AND (document_id IS NULL OR EXISTS (
      SELECT 1 FROM document_versions AS version
      WHERE version.workspace_id = ${workspaceId} AND version.file_id = file.id AND version.role <> 'past'))`.execute(
    trx,
  );
  const stored = rows[0]?.stored ?? 0;
  if (stored + byteSize > maxStoredBytes)
    throw new DocumentError(
      'quota_exceeded',
      `The file has ${describeSize(byteSize)}; all files together may have ${describeSize(maxStoredBytes)} and have ${describeSize(stored)}. Delete documents, or raise MAX_STORED_BYTES.`,
      { extra: { most_bytes: maxStoredBytes, stored_bytes: stored } },
    );
}

async function insertDocument(trx: Trx, workspaceId: number, fields: DocumentFields): Promise<number> {
  const { title = null, language = null, source = null, tags = [], metadata = {} } = fields;
  const { id } = await trx
    .insertInto('documents')
    .values({
      workspace_id: workspaceId,
      title,
      language,
      source,
      tags,
      metadata: JSON.stringify(metadata),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

type NewVersion = { documentId: number; role: 'current' | 'next'; upload: StagedUpload };

/** A version of the document with its job; the staged file becomes the document's. */
export async function insertVersion(
  trx: Trx,
  workspaceId: number,
  { documentId, role, upload }: NewVersion,
): Promise<void> {
  await trx
    .updateTable('stored_files')
    .set({ document_id: documentId })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', upload.fileId)
    .executeTakeFirstOrThrow();
  const { id: versionId } = await trx
    .insertInto('document_versions')
    .values({
      workspace_id: workspaceId,
      document_id: documentId,
      role,
      file_id: upload.fileId,
      filename: upload.filename,
      media_type: upload.mediaType,
      byte_size: upload.byteSize,
      sha256: upload.sha256,
      state: 'queued',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('ingestion_jobs')
    .values({ workspace_id: workspaceId, version_id: versionId })
    .execute();
  await recordChange(trx, workspaceId, documentId);
}
