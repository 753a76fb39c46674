import { sql } from 'kysely';
import type { Db, Trx } from '../database/open-database.ts';

/** How long a deletion is remembered for those who were not following when it happened. */
const TOMBSTONE_HOURS = 24;

export type DocumentChange = { documentId: number; number: number; deleted: boolean };

/**
 * Tells those who follow along that the document has changed. To be called last in a transaction: it locks
 * the workspace's counter until the end, which makes numbers visible in their order.
 */
export async function recordChange(
  trx: Trx,
  workspaceId: number,
  documentId: number,
  { deleted = false }: { deleted?: boolean } = {},
): Promise<void> {
  await sql`
    WITH counter AS (
      UPDATE index_versions SET last_change = last_change + 1 WHERE workspace_id = ${workspaceId}
      RETURNING last_change
    )
    INSERT INTO document_changes (workspace_id, document_id, number, deleted)
    SELECT ${workspaceId}, ${documentId}, last_change, ${deleted} FROM counter
    ON CONFLICT (workspace_id, document_id)
    DO UPDATE SET number = excluded.number, deleted = excluded.deleted, changed_at = now()`.execute(trx);
}

/** To be called in every transaction that changes what a search finds: cached results end with it. */
export async function bumpIndexVersion(trx: Trx, workspaceId: number): Promise<void> {
  await trx
    .updateTable('index_versions')
    .set(row => ({ version: row('version', '+', 1) }))
    .where('workspace_id', '=', workspaceId)
    .execute();
}

/** The number of the newest change; 0 when there was none. */
export async function lastChange(db: Db, workspaceId: number): Promise<number> {
  const { last_change } = await db
    .selectFrom('index_versions')
    .select('last_change')
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return last_change;
}

/** The document's latest change. */
export async function findChange(
  db: Db,
  workspaceId: number,
  documentId: number,
): Promise<DocumentChange | undefined> {
  return db
    .selectFrom('document_changes')
    .select(['document_id as documentId', 'number', 'deleted'])
    .where('workspace_id', '=', workspaceId)
    .where('document_id', '=', documentId)
    .executeTakeFirst();
}

/** Each document that changed after that number, once, with its latest change, in order. */
export async function listChanges(
  db: Db,
  workspaceId: number,
  { after, limit }: { after: number; limit: number },
): Promise<DocumentChange[]> {
  return db
    .selectFrom('document_changes')
    .select(['document_id as documentId', 'number', 'deleted'])
    .where('workspace_id', '=', workspaceId)
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit)
    .execute();
}

export async function forgetDeletions(db: Db): Promise<void> {
  await db
    .deleteFrom('document_changes')
    .where('deleted', '=', true)
    .where('changed_at', '<', sql<Date>`now() - make_interval(hours => ${TOMBSTONE_HOURS})`)
    .execute();
}
