import { type RawBuilder, sql } from 'kysely';

/** The conditions that there are, all of which must hold. */
export function allOf(conditions: (RawBuilder<unknown> | false | undefined)[]): RawBuilder<unknown> {
  const given = conditions.filter(condition => condition !== undefined && condition !== false);
  return given.length === 0 ? sql`true` : sql.join(given, sql` AND `);
}

/** Within a span of time: from its beginning up to but without its end, where these are given. */
export function within(
  column: RawBuilder<unknown>,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): RawBuilder<unknown> {
  return allOf([
    from !== undefined && sql`${column} >= ${new Date(from)}`,
    to !== undefined && sql`${column} < ${new Date(to)}`,
  ]);
}

/** Of a workspace, or of all where none is given. */
export const ofWorkspace = (column: RawBuilder<unknown>, workspaceId: number | undefined) =>
  workspaceId === undefined ? sql`true` : sql`${column} = ${workspaceId}`;

/**
 * One of the ids that the query finds, which is run before all else: PostgreSQL thinks that many rows have the beginning of
 * a word, and would read the table in its order until a page is full.
 */
export const isAmong = (id: RawBuilder<unknown>, query: RawBuilder<unknown>) =>
  sql`${id} = ANY(ARRAY(${query}))`;
