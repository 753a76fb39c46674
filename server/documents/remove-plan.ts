import { sql } from 'kysely';
import type { Db, Trx } from '../database/open-database.ts';
import { removeFromIndex } from './lexical-index/remove-from-index.ts';

/** Rows of a table per call: the embedded database answers nobody else meanwhile. */
const MOST_ROWS = 500;

/**
 * The tables of what was made of a file, each with the column that orders its rows. Rows go by a range of it:
 * without statistics, `IN (SELECT … LIMIT …)` is planned as a nested loop, a hundred times slower.
 */
const planTables = [
  ['passages', 'ordinal'],
  ['chunks', 'start_offset'],
  ['document_texts', 'start_offset'],
  ['document_outlines', 'version_id'],
] as const;

/**
 * Removes some of what was made of a version's file: text, outline, chunks, passages and with them their
 * embeddings, and their entries in the lexical index. To be called until it returns false.
 *
 * @returns whether there may be more.
 */
export async function removePlanBatch(
  db: Db | Trx,
  { workspaceId, versionId }: { workspaceId: number; versionId: number },
): Promise<boolean> {
  let more = await removeFromIndex(db, { workspaceId, versionId });
  for (const [table, key] of planTables) {
    const own = sql`workspace_id = ${workspaceId} AND version_id = ${versionId}`;
    const { numAffectedRows } = await sql`
      DELETE FROM ${sql.table(table)} WHERE ${own} AND ${sql.ref(key)} <= (
        SELECT max(${sql.ref(key)}) FROM (
          SELECT ${sql.ref(key)} FROM ${sql.table(table)} WHERE ${own}
          ORDER BY ${sql.ref(key)} LIMIT ${MOST_ROWS}) AS first)`.execute(db);
    more ||= numAffectedRows === BigInt(MOST_ROWS);
  }
  return more;
}
