import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type {
  keyActions,
  keyFilter,
  keyQuery,
  serverKeyFilter,
  serverKeyQuery,
  serverKeyRow,
} from '../../../contract/administration/tables.ts';
import type { Db } from '../../database/open-database.ts';
import { allOf, isAmong, ofWorkspace } from './all-of.ts';
import { wordsQuery } from './find-words.ts';
import {
  type Keyed,
  keysetPage,
  type PageRequest,
  readPage,
  type Sort,
  type TablePage,
} from './keyset-page.ts';
import type { Matching } from './matching.ts';
import { findUserIds, findWorkspaceIds, isOneOf } from './named-rows.ts';
import { readEmails } from './user-emails.ts';

type Row = z.output<typeof serverKeyRow>;
type Found = Keyed & {
  name: string;
  prefix: string;
  scopes: Row['scopes'];
  state: Row['state'];
  created_by: number | null;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  workspace_id: number;
  workspace_name: string;
};

const id = sql`k.id`;
const sorts: Record<z.output<typeof keyQuery>['sort'], Sort> = {
  created_at: { by: id, type: 'bigint' },
  name: { by: sql`k.name`, type: 'text' },
};
const states = {
  revoked: sql`k.revoked_at IS NOT NULL`,
  expired: sql`k.revoked_at IS NULL AND k.expires_at <= now()`,
  active: sql`k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
};

type Handles = {
  /** A workspace's, or the whole one's where no workspace is given. */
  db: Db;
  /** Users belong to no workspace. */
  wholeDb: Db;
};

export async function readKeys(
  { db, wholeDb }: Handles,
  workspaceId: number | undefined,
  page: PageRequest &
    Omit<z.output<typeof keyQuery>, keyof PageRequest> &
    Pick<z.output<typeof serverKeyQuery>, 'workspace'>,
): Promise<TablePage<Row>> {
  const { key, behind, orderBy } = keysetPage(page, sorts, id);
  const where = allOf([behind, await matches({ db, wholeDb }, workspaceId, page)]);
  const query = sql<Found>`
    SELECT page.*, (SELECT name FROM workspaces w WHERE w.id = page.workspace_id) AS workspace_name FROM (
      SELECT k.id, ${key} AS sort_key, k.name, k.prefix, k.scopes, k.created_by, k.created_at, k.expires_at,
        k.last_used_at, k.revoked_at, k.workspace_id, CASE WHEN ${states.revoked} THEN 'revoked'
          WHEN ${states.expired} THEN 'expired' ELSE 'active' END AS state
      FROM api_keys k WHERE ${where} ORDER BY ${orderBy} LIMIT ${page.limit}
    ) AS page`;
  const found = await readPage(db, page, query, row => row);
  const emails = await readEmails(
    wholeDb,
    found.items.map(row => row.created_by),
  );
  return { items: found.items.map(row => toRow(row, emails)), next_cursor: found.next_cursor };
}

type KeyFilter = z.output<typeof keyFilter> & Pick<z.output<typeof serverKeyFilter>, 'workspace'>;

async function matches(
  { db, wholeDb }: Handles,
  workspaceId: number | undefined,
  { q, state, created_by, maker, workspace }: KeyFilter,
): Promise<RawBuilder<unknown>> {
  const [makers, workspaces] = await Promise.all([
    findUserIds(wholeDb, 'maker', maker),
    findWorkspaceIds(wholeDb, workspace),
  ]);
  return allOf([
    ofWorkspace(sql`k.workspace_id`, workspaceId),
    q !== undefined && hasWords(workspaceId === undefined || db === wholeDb, wordsQuery(q)),
    state !== undefined && states[state],
    created_by !== undefined && sql`k.created_by = ${created_by}`,
    isOneOf(sql`k.created_by`, makers),
    isOneOf(sql`k.workspace_id`, workspaces),
  ]);
}

type Affected = {
  action: (typeof keyActions)[number] | undefined;
  /** A key that revokes all others is good until it is done. */
  by: number | undefined;
};

export async function matchingKeys(
  handles: Handles,
  workspaceId: number | undefined,
  filter: KeyFilter,
  { action, by }: Affected,
): Promise<Matching> {
  const where = allOf([
    await matches(handles, workspaceId, filter),
    action === 'revoke' && states.active,
    action === 'revoke' && by !== undefined && sql`k.id <> ${by}`,
  ]);
  return [{ id, rows: sql`api_keys k WHERE ${where}` }];
}

/** `@@` is not leakproof: under row-level security a function of the tables' owner searches. */
const hasWords = (isWhole: boolean, words: string | undefined) =>
  isAmong(
    id,
    isWhole
      ? sql`SELECT id FROM api_keys WHERE words_of(name || ' ' || prefix) @@ to_tsquery('simple', ${words})`
      : sql`SELECT api_keys_with_words(to_tsquery('simple', ${words}))`,
  );

function toRow(row: Found, emails: Map<number, string>): Row {
  const email = row.created_by === null ? undefined : emails.get(row.created_by);
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    state: row.state,
    created_by: row.created_by === null || email === undefined ? null : { id: row.created_by, email },
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    workspace: { id: row.workspace_id, name: row.workspace_name },
  };
}

/** The workspaces of those of the keys that there are. */
export async function findKeys(wholeDb: Db, ids: number[]): Promise<{ id: number; workspace_id: number }[]> {
  if (ids.length === 0) return [];
  return wholeDb.selectFrom('api_keys').select(['id', 'workspace_id']).where('id', 'in', ids).execute();
}
