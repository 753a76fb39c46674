import type { DocumentChange } from '../../contract/documents.ts';
import type { Db, Trx } from '../database/open-database.ts';
import { insertVersion } from './accept-document.ts';
import { bumpIndexVersion, recordChange } from './document-changes.ts';
import { setFields } from './document-store.ts';
import { lockVersions } from './replace-document.ts';
import { requeueVersion } from './requeue-version.ts';

type LockedVersions = Awaited<ReturnType<typeof lockVersions>>;

/**
 * Changes what people say about a document; fields that are left out stay as they are. A title stands in the
 * prefix of every passage: after its change the file is read again, and searches find the document by the
 * title before until that is done.
 *
 * @throws NotFoundError; RequestError when the fields hold what can't be stored
 */
export async function updateDocument(
  db: Db,
  workspaceId: number,
  id: number,
  change: DocumentChange,
): Promise<void> {
  await db.transaction().execute(async trx => {
    const versions = await lockVersions(trx, workspaceId, id);
    const { title: titleBefore } = await trx
      .selectFrom('documents')
      .select('title')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    await setFields(trx, workspaceId, id, change);
    if (change.title !== undefined && change.title !== titleBefore)
      await indexAgain(trx, workspaceId, id, versions);
    await bumpIndexVersion(trx, workspaceId);
    await recordChange(trx, workspaceId, id);
  });
}

/** What failed is left: it takes the title as it is when it is tried again. */
async function indexAgain(
  trx: Trx,
  workspaceId: number,
  documentId: number,
  { current, next }: LockedVersions,
): Promise<void> {
  for (const version of [current, next])
    if (version?.state === 'reading' || version?.state === 'indexing') {
      // Its worker may have read the title already. Without its job it ends at its next save.
      await trx
        .deleteFrom('ingestion_jobs')
        .where('workspace_id', '=', workspaceId)
        .where('version_id', '=', version.versionId)
        .execute();
      await requeueVersion(trx, workspaceId, { versionId: version.versionId, documentId });
    }
  if (current.state === 'ready' && !next)
    await insertVersion(trx, workspaceId, { documentId, role: 'next', upload: current });
}
