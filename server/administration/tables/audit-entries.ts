import { sql } from 'kysely';
import type { z } from 'zod';
import type { auditQuery, auditRow, serverAuditQuery } from '../../../contract/administration/tables.ts';
import type { Db } from '../../database/open-database.ts';
import { allOf, ofWorkspace, within } from './all-of.ts';
import { type Keyed, keysetPage, type PageRequest, readPage, type TablePage } from './keyset-page.ts';
import { findKeyIds, findUserIds, findWorkspaceIds, isOneOf } from './named-rows.ts';
import { readEmails } from './user-emails.ts';

type Row = z.output<typeof auditRow>;
type Found = Keyed & Omit<Row, 'at' | 'user'> & { at: Date; user_id: number | null };

const id = sql`a.id`;
const sorts = { id: { by: sql`a.at`, type: 'timestamptz' as const } };

type Handles = {
  /** A workspace's, or the whole one's where no workspace is given. */
  db: Db;
  /** Users belong to no workspace. */
  wholeDb: Db;
};

/** By time. */
export async function readAuditEntries(
  { db, wholeDb }: Handles,
  workspaceId: number | undefined,
  page: PageRequest &
    Omit<z.output<typeof auditQuery>, keyof PageRequest> &
    Pick<z.output<typeof serverAuditQuery>, 'workspace'>,
): Promise<TablePage<Row>> {
  const { action, actor, user_id, key_id, address } = page;
  const [users, keys, workspaces] = await Promise.all([
    findUserIds(wholeDb, 'user', page.user),
    findKeyIds(wholeDb, workspaceId, page.key),
    findWorkspaceIds(wholeDb, page.workspace),
  ]);
  const { key, behind, orderBy } = keysetPage(page, sorts, id);
  const where = allOf([
    ofWorkspace(sql`a.workspace_id`, workspaceId),
    behind,
    action !== undefined && sql`a.action = ${action}`,
    actor !== undefined && sql`a.actor = ${actor}`,
    user_id !== undefined && sql`a.user_id = ${user_id}`,
    isOneOf(sql`a.user_id`, users),
    key_id !== undefined && sql`a.key_id = ${key_id}`,
    isOneOf(sql`a.key_id`, keys),
    isOneOf(sql`a.workspace_id`, workspaces),
    address !== undefined && sql`a.address = ${address}`,
    within(sql`a.at`, page),
  ]);
  const query = sql<Found>`
    SELECT a.id, ${key} AS sort_key, a.at, a.action, a.actor, a.user_id, a.key_id, a.address, a.workspace_id, a.details
    FROM audit_log a WHERE ${where} ORDER BY ${orderBy} LIMIT ${page.limit}`;
  const found = await readPage(db, page, query, row => row);
  const emails = await readEmails(
    wholeDb,
    found.items.map(row => row.user_id),
  );
  return {
    items: found.items.map(({ sort_key: _, at, user_id: userId, ...row }) => ({
      ...row,
      at: at.toISOString(),
      user: userId === null ? null : { id: userId, email: emails.get(userId) ?? null },
    })),
    next_cursor: found.next_cursor,
  };
}
