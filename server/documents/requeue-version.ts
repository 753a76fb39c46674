import type { Trx } from '../database/open-database.ts';
import { bumpIndexVersion, recordChange } from './document-changes.ts';
import { lockDocument } from './document-store.ts';

/** Gives a version whose work has failed or is lacking a new job, with all its attempts. */
export async function requeueVersion(
  trx: Trx,
  workspaceId: number,
  { versionId, documentId }: { versionId: number; documentId: number },
): Promise<void> {
  await lockDocument(trx, workspaceId, documentId);
  await trx
    .updateTable('document_versions')
    .set({
      state: 'queued',
      stage: null,
      progress: 0,
      error_code: null,
      error_message: null,
      updated_at: new Date(),
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', versionId)
    .execute();
  await trx
    .insertInto('ingestion_jobs')
    .values({ workspace_id: workspaceId, version_id: versionId })
    .execute();
  await bumpIndexVersion(trx, workspaceId);
  await recordChange(trx, workspaceId, documentId);
}
