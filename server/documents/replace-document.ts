import type { Db, Trx } from '../database/open-database.ts';
import { DocumentError, NotFoundError } from '../errors.ts';
import { type AcceptedDocument, checkQuota, insertVersion, withStagedFile } from './accept-document.ts';
import { recordChange } from './document-changes.ts';
import { lockDocument } from './document-store.ts';
import { requeueVersion } from './requeue-version.ts';
import { dropOrRestoreFile } from './restore-file.ts';
import { retireVersion } from './retire-version.ts';
import type { StagedUpload } from './stage-upload.ts';

/**
 * Puts a staged upload beside the document's current version as its next one, instead of any replacement
 * that was under way. Searches find the current one whole until the next one is whole.
 *
 * @throws NotFoundError
 * @throws DocumentError document_duplicate, quota_exceeded
 */
export async function replaceDocument(
  db: Db,
  workspaceId: number,
  documentId: number,
  { upload, maxStoredBytes }: { upload: StagedUpload; maxStoredBytes: number | undefined },
): Promise<AcceptedDocument> {
  return withStagedFile(db, workspaceId, upload, () =>
    db.transaction().execute(async trx => {
      const { current, next } = await lockVersions(trx, workspaceId, documentId);
      if (next?.sha256 === upload.sha256 && next.state !== 'failed') {
        await dropOrRestoreFile(trx, workspaceId, { documentId, fileId: next.fileId }, upload);
        return { documentId, duplicate: true };
      }
      await refuseOthersContent(trx, workspaceId, documentId, upload.sha256);
      if (next) await retireVersion(trx, workspaceId, next.versionId);
      if (current.sha256 === upload.sha256 && current.state !== 'failed') {
        await dropOrRestoreFile(trx, workspaceId, { documentId, fileId: current.fileId }, upload);
        if (next) await recordChange(trx, workspaceId, documentId);
        return { documentId, duplicate: true };
      }
      await checkQuota(trx, workspaceId, upload, maxStoredBytes);
      await insertVersion(trx, workspaceId, { documentId, role: 'next', upload });
      return { documentId, duplicate: false };
    }),
  );
}

/**
 * Processes the document's file again: a failed version itself, else a new version beside the current one.
 *
 * @throws NotFoundError
 */
export async function reprocessDocument(db: Db, workspaceId: number, documentId: number): Promise<void> {
  await db.transaction().execute(async trx => {
    const { current, next } = await lockVersions(trx, workspaceId, documentId);
    const failed = [next, current].find(version => version?.state === 'failed');
    if (failed) return requeueVersion(trx, workspaceId, { versionId: failed.versionId, documentId });
    if (next || current.state !== 'ready') return; // It is being processed already.
    await insertVersion(trx, workspaceId, { documentId, role: 'next', upload: current });
  });
}

/**
 * The document's versions that matter, locked in this order by everyone who changes their roles.
 *
 * @throws NotFoundError
 */
export async function lockVersions(trx: Trx, workspaceId: number, documentId: number) {
  await lockDocument(trx, workspaceId, documentId);
  await lockJobs(trx, workspaceId, documentId);
  const versions = await trx
    .selectFrom('document_versions')
    .select([
      'id as versionId',
      'role',
      'state',
      'file_id as fileId',
      'filename',
      'media_type as mediaType',
      'byte_size as byteSize',
      'sha256',
    ])
    .where('workspace_id', '=', workspaceId)
    .where('document_id', '=', documentId)
    .where('role', 'in', ['current', 'next'])
    .orderBy('id')
    .forUpdate()
    .execute();
  const current = versions.find(({ role }) => role === 'current');
  if (!current) throw new NotFoundError('document');
  return { current, next: versions.find(({ role }) => role === 'next') };
}

/** Before the versions, as the transactions that save work do. */
export async function lockJobs(trx: Trx, workspaceId: number, documentId: number): Promise<void> {
  await trx
    .selectFrom('ingestion_jobs')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('version_id', 'in', versions =>
      versions
        .selectFrom('document_versions')
        .select('id')
        .where('workspace_id', '=', workspaceId)
        .where('document_id', '=', documentId),
    )
    .orderBy('id')
    .forUpdate()
    .execute();
}

async function refuseOthersContent(
  trx: Trx,
  workspaceId: number,
  documentId: number,
  sha256: string,
): Promise<void> {
  const other = await trx
    .selectFrom('document_versions')
    .select('document_id')
    .where('workspace_id', '=', workspaceId)
    .where('sha256', '=', sha256)
    .where('role', '=', 'current')
    .where('document_id', '!=', documentId)
    .executeTakeFirst();
  if (other)
    throw new DocumentError(
      'document_duplicate',
      `Document ${other.document_id} has the same content already. Delete one of the two.`,
      { extra: { document_id: other.document_id } },
    );
}
