import { sql, Transaction } from 'kysely';
import type { Db, Trx } from '../../database/open-database.ts';
import type { Schema } from '../../database/schema.ts';
import { IndexRun, maxRunPassages } from '../../lexical/index-run.ts';
import {
  decodePostings,
  encodePostings,
  offsetInPage,
  pageOf,
  passagesPerPage,
  withoutRange,
} from '../../lexical/postings.ts';
import { type Block, lockBlocks, readBlocks, writeBlocks } from './lexical-store.ts';

type Version = { workspaceId: number; versionId: number };

/**
 * Removes a run of the version from the lexical index, and its postings from the blocks if it has any
 * there. To be called until it returns false.
 *
 * @returns whether there may be more.
 */
export async function removeFromIndex(db: Db | Trx, version: Version): Promise<boolean> {
  return db instanceof Transaction
    ? removeRun(db, version)
    : db.transaction().execute(trx => removeRun(trx, version));
}

async function removeRun(trx: Transaction<Schema>, { workspaceId, versionId }: Version): Promise<boolean> {
  if (!(await isIndexed(trx, { workspaceId, versionId }))) return false;
  // A merge that takes the version now has marked it when the lock is ours, or will not find it ready.
  await lockBlocks(trx, workspaceId);
  const own = await trx
    .selectFrom('lexical_documents')
    .select(['first_passage_id as firstPassageId', 'state'])
    .select(sql<number>`length(lengths) / 4`.as('passages'))
    .where('workspace_id', '=', workspaceId)
    .where('version_id', '=', versionId)
    .executeTakeFirst();
  if (!own) return removeStrayRuns(trx, { workspaceId, versionId });
  const isInBlocks = own.state !== 'own';
  // A merge under way leaves out what is being removed.
  await trx
    .updateTable('lexical_documents')
    .set({ state: 'removing' })
    .where('workspace_id', '=', workspaceId)
    .where('version_id', '=', versionId)
    .where('state', 'in', ['merging', 'merged'])
    .execute();
  const row = await trx
    .selectFrom('lexical_runs')
    .select(['first_ordinal', 'data'])
    .where('workspace_id', '=', workspaceId)
    .where('version_id', '=', versionId)
    .orderBy('first_ordinal')
    .limit(1)
    .executeTakeFirst();
  if (row && isInBlocks)
    await removePostings(trx, workspaceId, new IndexRun(row.data), {
      first: own.firstPassageId + row.first_ordinal,
      last: own.firstPassageId + Math.min(row.first_ordinal + maxRunPassages, own.passages) - 1,
    });
  if (row) {
    await trx
      .deleteFrom('lexical_runs')
      .where('workspace_id', '=', workspaceId)
      .where('version_id', '=', versionId)
      .where('first_ordinal', '=', row.first_ordinal)
      .execute();
    return true;
  }
  await trx
    .deleteFrom('lexical_documents')
    .where('workspace_id', '=', workspaceId)
    .where('version_id', '=', versionId)
    .execute();
  return false;
}

async function removePostings(
  trx: Trx,
  workspaceId: number,
  run: IndexRun,
  /** Passage ids. */
  { first, last }: { first: number; last: number },
): Promise<void> {
  const pages = [...new Set([pageOf(first), pageOf(last)])];
  const blocks = await readBlocks(trx, workspaceId, { terms: [...run.terms], pages });
  const without = ({ term, page, data }: Block): Block => {
    const start = page === pageOf(first) ? offsetInPage(first) : 0;
    const end = page === pageOf(last) ? offsetInPage(last) + 1 : passagesPerPage;
    return { term, page, data: encodePostings(withoutRange(decodePostings(data), start, end)) };
  };
  const changed = blocks
    .map(without)
    .filter(({ data }, index) => data.length < (blocks[index]?.data.length ?? 0));
  await writeBlocks(trx, workspaceId, changed);
}

/** Runs that nothing says the passages of: nobody searches them, but they would be in the way of new ones. */
async function removeStrayRuns(trx: Trx, { workspaceId, versionId }: Version): Promise<false> {
  await trx
    .deleteFrom('lexical_runs')
    .where('workspace_id', '=', workspaceId)
    .where('version_id', '=', versionId)
    .execute();
  return false;
}

async function isIndexed(trx: Trx, { workspaceId, versionId }: Version): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM lexical_documents WHERE workspace_id = ${workspaceId} AND version_id = ${versionId}
    UNION ALL
    SELECT FROM lexical_runs WHERE workspace_id = ${workspaceId} AND version_id = ${versionId}
    LIMIT 1`.execute(trx);
  return rows.length > 0;
}
