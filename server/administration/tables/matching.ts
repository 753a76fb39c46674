import { type RawBuilder, sql } from 'kysely';
import { type MatchingRows, MOST_SELECTED } from '../../../contract/administration/lists.ts';
import type { Db } from '../../database/open-database.ts';
import { allOf } from './all-of.ts';

/** The rows of a table that match its filters, however many: those of each part of it. */
export type Matching = readonly {
  /** A bigint, greater in what came later. */
  id: RawBuilder<unknown>;
  /** The same in what it is joined with, which PostgreSQL would read from its beginning. */
  joinedId?: RawBuilder<unknown>;
  /** What stands behind FROM, conditions and all. */
  rows: RawBuilder<unknown>;
}[];

export async function countMatching(db: Db, matching: Matching): Promise<MatchingRows> {
  const parts = matching.map(({ id, rows }) => sql`SELECT ${id} AS id FROM ${rows}`);
  const [found] = await execute<MatchingRows>(db, parts, sql`count(*)::bigint AS count, max(id) AS last_id`);
  return found ?? { count: 0, last_id: null };
}

type Span = { after: number; lastId: number };

/** The ids of the next of them, in their order: whatever is done with those before moves none of these. */
export async function nextMatching(db: Db, matching: Matching, { after, lastId }: Span): Promise<number[]> {
  const isNext = (id: RawBuilder<unknown>) => sql`${id} > ${after}::bigint AND ${id} <= ${lastId}::bigint`;
  // Each part is one page of its own index: however many there are, no more are read.
  const parts = matching.map(
    ({ id, joinedId, rows }) => sql`(SELECT ${id} AS id FROM ${rows}
      AND ${allOf([isNext(id), joinedId && isNext(joinedId)])} ORDER BY ${id} LIMIT ${MOST_SELECTED})`,
  );
  const found = await execute<{ id: number }>(db, parts, sql`id`);
  return found
    .map(({ id }) => id)
    .toSorted((one, other) => one - other)
    .slice(0, MOST_SELECTED);
}

async function execute<Row>(
  db: Db,
  parts: RawBuilder<unknown>[],
  columns: RawBuilder<unknown>,
): Promise<Row[]> {
  if (parts.length === 0) return [];
  const { rows } = await sql<Row>`
    SELECT ${columns} FROM (${sql.join(parts, sql` UNION ALL `)}) AS matching`.execute(db);
  return rows;
}
