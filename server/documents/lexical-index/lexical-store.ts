import { sql } from 'kysely';
import type { Db, Trx } from '../../database/open-database.ts';
import type { LexicalContent } from './analyse-passages.ts';

type Version = { workspaceId: number; versionId: number };

/** Any number, the same in every process: ids are reserved by one at a time. */
const PASSAGE_ID_LOCK = 6_270_114;

/**
 * Reserves as many passage ids as there are passages, one after the other without a gap: the index finds the
 * passages of a version by its first id and their ordinals.
 *
 * @returns the first.
 */
export async function reservePassageIds(trx: Trx, count: number): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock(${PASSAGE_ID_LOCK})`.execute(trx);
  const { rows } = await sql<{ last: number }>`
    SELECT setval('passage_ids', nextval('passage_ids') + ${count}::bigint - 1) AS last`.execute(trx);
  const [row] = rows;
  if (!row) throw new Error('reserving passage ids gave no row');
  return row.last - count + 1;
}

export async function saveLexicalDocument(
  trx: Trx,
  { workspaceId, versionId }: Version,
  { firstPassageId, lengths, nameLength }: { firstPassageId: number } & Omit<LexicalContent, 'runs'>,
): Promise<void> {
  await trx
    .insertInto('lexical_documents')
    .values({
      workspace_id: workspaceId,
      version_id: versionId,
      first_passage_id: firstPassageId,
      lengths: Buffer.from(lengths.buffer, lengths.byteOffset, lengths.byteLength),
      name_length: nameLength,
    })
    .execute();
}

export async function saveRun(
  trx: Trx,
  { workspaceId, versionId }: Version,
  { firstOrdinal, data }: { firstOrdinal: number; data: Uint8Array },
): Promise<void> {
  await trx
    .insertInto('lexical_runs')
    .values({
      workspace_id: workspaceId,
      version_id: versionId,
      first_ordinal: firstOrdinal,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    })
    .execute();
}

/** Terms of a step: the embedded database answers nobody else during its transaction. */
export const TERMS_PER_STEP = 1_000;

/** Any number: blocks of a workspace are written by one transaction at a time. */
const BLOCK_LOCK = 6_270_115;

/** To be called first in every transaction that writes blocks: they are read, changed and written back. */
export async function lockBlocks(trx: Db | Trx, workspaceId: number): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${BLOCK_LOCK}, ${workspaceId}::int)`.execute(trx);
}

export type Block = { term: number; page: number; data: Buffer };

export async function readBlocks(
  trx: Db | Trx,
  workspaceId: number,
  { terms, pages }: { terms: number[]; pages: number[] },
): Promise<Block[]> {
  return trx
    .selectFrom('lexical_blocks')
    .select(['term', 'page', 'data'])
    .where('workspace_id', '=', workspaceId)
    .where('term', '=', row => row.fn.any(sql<number[]>`${terms}::int[]`))
    .where('page', '=', row => row.fn.any(sql<number[]>`${pages}::int[]`))
    .execute();
}

/** Writes the blocks, new or in place of what they were; those without postings go. */
export async function writeBlocks(trx: Db | Trx, workspaceId: number, blocks: Block[]): Promise<void> {
  const empty = blocks.filter(({ data }) => data.length === 0);
  const full = blocks.filter(({ data }) => data.length > 0);
  if (empty.length > 0)
    await sql`DELETE FROM lexical_blocks USING unnest(
        ${empty.map(({ term }) => term)}::int[], ${empty.map(({ page }) => page)}::int[]) AS gone (term, page)
      WHERE workspace_id = ${workspaceId} AND lexical_blocks.term = gone.term AND lexical_blocks.page = gone.page`.execute(
      trx,
    );
  if (full.length === 0) return;
  // One parameter for all data: an array of buffers would be sent as text.
  let end = 0;
  const starts = full.map(({ data }) => {
    end += data.length;
    return end - data.length + 1;
  });
  await sql`
    INSERT INTO lexical_blocks (workspace_id, term, page, data)
    SELECT ${workspaceId}, term, page, substring(${Buffer.concat(full.map(({ data }) => data))}::bytea FROM first FOR size)
    FROM unnest(${full.map(({ term }) => term)}::int[], ${full.map(({ page }) => page)}::int[], ${starts}::int[],
      ${full.map(({ data }) => data.length)}::int[]) AS block (term, page, first, size)
    ON CONFLICT (workspace_id, term, page) DO UPDATE SET data = excluded.data`.execute(trx);
}
