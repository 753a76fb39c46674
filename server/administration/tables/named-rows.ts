import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import { wordsQuery } from './find-words.ts';

/*
 * What rows belong to, by what people call it: tables are filtered by ids, which nobody knows. Of the whole database,
 * because users belong to no workspace.
 */

/** As many as a filter takes. */
const MOST_IDS = 10_000;

/** The ids of what is called so; undefined where nothing is looked for. */
type Named = readonly number[] | undefined;

/** By words of the e-mail address and the name, or by the whole address. */
export async function findUserIds(
  wholeDb: Db,
  parameter: string,
  text: string | undefined,
): Promise<number[] | undefined> {
  if (text === undefined) return undefined;
  const exact = isAddress(text)
    ? await wholeDb
        .selectFrom('users')
        .select('id')
        .where('email', '=', text.toLowerCase())
        .executeTakeFirst()
    : undefined;
  if (exact) return [exact.id];
  return findIds(
    wholeDb,
    parameter,
    text,
    words => sql`SELECT id FROM users WHERE words_of(email || ' ' || name) @@ ${words}`,
  );
}

/** A NUL is no text to PostgreSQL. */
const isAddress = (text: string) => text.includes('@') && !text.includes('\0');

/** By words of the name. */
export function findWorkspaceIds(wholeDb: Db, text: string | undefined): Promise<number[] | undefined> {
  return findIds(
    wholeDb,
    'workspace',
    text,
    words => sql`SELECT id FROM workspaces WHERE words_of(name) @@ ${words}`,
  );
}

/** By words of the name, or by how the key begins; of a workspace, or of all where none is given. */
export function findKeyIds(
  wholeDb: Db,
  workspaceId: number | undefined,
  text: string | undefined,
): Promise<number[] | undefined> {
  const isOf = workspaceId === undefined ? sql`true` : sql`workspace_id = ${workspaceId}`;
  return findIds(
    wholeDb,
    'key',
    text,
    words => sql`SELECT id FROM api_keys WHERE words_of(name || ' ' || prefix) @@ ${words} AND ${isOf}`,
  );
}

/** That a row belongs to one of them; no condition where nothing is looked for. */
export function isOneOf(column: RawBuilder<unknown>, ids: Named): RawBuilder<unknown> | undefined {
  if (ids === undefined) return undefined;
  const [id] = ids;
  if (id === undefined) return sql`false`;
  // A single one in the order of an index.
  return ids.length === 1 ? sql`${column} = ${id}` : sql`${column} = ANY(${ids}::bigint[])`;
}

/** @throws RequestError when the word says too little. */
async function findIds(
  wholeDb: Db,
  parameter: string,
  text: string | undefined,
  select: (words: RawBuilder<unknown>) => RawBuilder<unknown>,
): Promise<number[] | undefined> {
  if (text === undefined) return undefined;
  const words = wordsQuery(text);
  if (words === undefined) return [];
  const { rows } = await sql<{ id: number }>`
    ${select(sql`to_tsquery('simple', ${words})`)} LIMIT ${MOST_IDS + 1}`.execute(wholeDb);
  if (rows.length > MOST_IDS)
    throw new RequestError(
      'invalid_request',
      `${parameter}: more than ${MOST_IDS.toLocaleString('en')} have such words. Write more of it.`,
    );
  return rows.map(({ id }) => id);
}
