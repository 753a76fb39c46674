import type { Db, Trx } from '../database/open-database.ts';
import { removePlanBatch } from './remove-plan.ts';

/** Makes a version invisible and ends its work; its rows are removed by `purgeVersion`. */
export async function retireVersion(trx: Trx, workspaceId: number, versionId: number): Promise<void> {
  // The job first: whoever saves work on the version holds its row until that is done.
  await trx
    .deleteFrom('ingestion_jobs')
    .where('workspace_id', '=', workspaceId)
    .where('version_id', '=', versionId)
    .execute();
  await trx
    .updateTable('document_versions')
    .set({ role: 'past', state: 'deleting', stage: null, updated_at: new Date() })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', versionId)
    .execute();
}

/** Removes a past version and all that came of it, a little at a time. May be done again after a crash. */
export async function purgeVersion(db: Db, workspaceId: number, versionId: number): Promise<void> {
  while (await removePlanBatch(db, { workspaceId, versionId }));
  await db.transaction().execute(async trx => {
    const version = await trx
      .deleteFrom('document_versions')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', versionId)
      .where('role', '=', 'past')
      .returning(['document_id', 'file_id'])
      .executeTakeFirst();
    if (!version) return; // Another process was faster.
    await deleteUnused(trx, workspaceId, version);
  });
}

/** The file, when no other version is made of it, and the document, when it has no version any more. */
async function deleteUnused(
  trx: Trx,
  workspaceId: number,
  { document_id, file_id }: { document_id: number; file_id: number },
): Promise<void> {
  await trx
    .deleteFrom('stored_files')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', file_id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('document_versions')
            .select('id')
            .where('workspace_id', '=', workspaceId)
            .where('file_id', '=', file_id),
        ),
      ),
    )
    .execute();
  await trx
    .deleteFrom('documents')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', document_id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('document_versions')
            .select('id')
            .where('workspace_id', '=', workspaceId)
            .where('document_id', '=', document_id),
        ),
      ),
    )
    .execute();
}

/** Removes what replacements and deletions have left behind, also those that a crash cut short. */
export async function purgePastVersions(db: Db): Promise<void> {
  const versions = await db
    .selectFrom('document_versions')
    .select(['workspace_id', 'id'])
    .where('role', '=', 'past')
    .execute();
  for (const { workspace_id, id } of versions) await purgeVersion(db, workspace_id, id);
}

/** Removes what failed and cancelled work has left behind; the version itself stays for another try. */
export async function clearFailedVersions(db: Db): Promise<void> {
  const versions = await db
    .selectFrom('document_versions')
    .select(['workspace_id as workspaceId', 'id as versionId'])
    .where('state', '=', 'failed')
    .where('passage_count', '>', 0)
    .execute();
  for (const version of versions) while (await clearFailedVersion(db, version));
}

/** @returns whether there is more to do. */
function clearFailedVersion(db: Db, version: { workspaceId: number; versionId: number }): Promise<boolean> {
  return db.transaction().execute(async trx => {
    // Locked, because it may be tried again at this moment: then what is saved of it is its own.
    const { state } = (await trx
      .selectFrom('document_versions')
      .select('state')
      .where('workspace_id', '=', version.workspaceId)
      .where('id', '=', version.versionId)
      .forUpdate()
      .executeTakeFirst()) ?? { state: 'deleting' };
    if (state !== 'failed') return false;
    if (await removePlanBatch(trx, version)) return true;
    await trx
      .updateTable('document_versions')
      .set({ text_length: 0, chunk_count: 0, passage_count: 0, progress: 0 })
      .where('workspace_id', '=', version.workspaceId)
      .where('id', '=', version.versionId)
      .execute();
    return false;
  });
}
