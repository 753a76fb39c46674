import type { Db } from '../database/open-database.ts';
import { recordChange } from './document-changes.ts';
import { lockVersions } from './replace-document.ts';

/**
 * Ends the work on a document: a replacement that is under way, else the document itself. It counts as
 * failed then and can be processed again. Nothing happens when there is no work.
 *
 * @throws NotFoundError
 */
export async function cancelIngestion(db: Db, workspaceId: number, documentId: number): Promise<void> {
  await db.transaction().execute(async trx => {
    const { current, next } = await lockVersions(trx, workspaceId, documentId);
    const { versionId } = next ?? current;
    const { numDeletedRows } = await trx
      .deleteFrom('ingestion_jobs')
      .where('workspace_id', '=', workspaceId)
      .where('version_id', '=', versionId)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return;
    await trx
      .updateTable('document_versions')
      .set({
        state: 'failed',
        stage: null,
        error_code: 'document_cancelled',
        error_message: 'Processing was cancelled.',
        updated_at: new Date(),
      })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', versionId)
      .execute();
    await recordChange(trx, workspaceId, documentId);
  });
}
