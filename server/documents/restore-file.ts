import { sql } from 'kysely';
import type { Trx } from '../database/open-database.ts';
import { deleteFile } from './file-store.ts';
import type { StagedUpload } from './stage-upload.ts';

/**
 * To be called when an upload turns out to have the bytes of a stored file: the upload goes away again, unless
 * parts of the stored file are missing; then it takes the place of that file.
 */
export async function dropOrRestoreFile(
  trx: Trx,
  workspaceId: number,
  { documentId, fileId }: { documentId: number; fileId: number },
  upload: StagedUpload,
): Promise<void> {
  if (await isWhole(trx, workspaceId, fileId, upload.byteSize))
    return deleteFile(trx, workspaceId, upload.fileId);
  await trx
    .updateTable('stored_files')
    .set({ document_id: documentId })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', upload.fileId)
    .execute();
  await trx
    .updateTable('document_versions')
    .set({ file_id: upload.fileId })
    .where('workspace_id', '=', workspaceId)
    .where('file_id', '=', fileId)
    .execute();
  await deleteFile(trx, workspaceId, fileId);
}

async function isWhole(trx: Trx, workspaceId: number, fileId: number, byteSize: number): Promise<boolean> {
  const { rows } = await sql<{ stored: number }>`
    SELECT coalesce(sum(length(content)), 0)::bigint AS stored FROM file_parts
    WHERE workspace_id = ${workspaceId} AND file_id = ${fileId}`.execute(trx);
  return rows[0]?.stored === byteSize;
}
