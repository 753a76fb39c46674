import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type {
  memberQuery,
  memberRow,
  userActions,
  userFilter,
  userQuery,
  userRow,
} from '../../../contract/administration/tables.ts';
import type { Db } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';
import { allOf, isAmong } from './all-of.ts';
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
import { findWorkspaceIds, isOneOf } from './named-rows.ts';

type UserRow = z.output<typeof userRow>;
type FoundUser = Keyed & {
  email: string;
  name: string;
  is_admin: boolean;
  disabled_at: Date | null;
  two_factor_enabled: boolean;
  created_at: Date;
  signed_in_at: Date | null;
  workspaces: UserRow['workspaces'];
};

const userId = sql`u.id`;
const sorts: Record<z.output<typeof userQuery>['sort'], Sort> = {
  // Ids are given in the order of time.
  created_at: { by: userId, type: 'bigint' },
  email: { by: sql`u.email`, type: 'text' },
  name: { by: sql`u.name`, type: 'text' },
};

export async function readUsers(
  db: Db,
  page: PageRequest & Omit<z.output<typeof userQuery>, keyof PageRequest>,
): Promise<TablePage<UserRow>> {
  const { key, behind, orderBy } = keysetPage(page, sorts, userId);
  const where = allOf([behind, await matches(db, page)]);
  const query = sql<FoundUser>`
    SELECT page.*, (SELECT max(s.created_at) FROM sign_ins s WHERE s.user_id = page.id) AS signed_in_at,
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name, 'role', m.role) ORDER BY w.id)
        FROM memberships m JOIN workspaces w ON w.id = m.workspace_id WHERE m.user_id = page.id), '[]') AS workspaces
    FROM (
      SELECT u.id, ${key} AS sort_key,
        u.email, u.name, u.is_admin, u.disabled_at, u.two_factor_enabled, u.created_at
      FROM users u WHERE ${where} ORDER BY ${orderBy} LIMIT ${page.limit}
    ) AS page`;
  return readPage(
    db,
    page,
    query,
    ({ disabled_at, two_factor_enabled, created_at, signed_in_at, ...user }) => ({
      id: user.id,
      email: user.email,
      name: user.name,
      is_admin: user.is_admin,
      disabled: disabled_at !== null,
      second_factor: two_factor_enabled,
      created_at: created_at.toISOString(),
      signed_in_at: signed_in_at?.toISOString() ?? null,
      workspaces: user.workspaces,
    }),
  );
}

const isDisabled = sql`u.disabled_at IS NOT NULL`;
const isActive = sql`u.disabled_at IS NULL`;

async function matches(
  db: Db,
  { q, state, is_admin, workspace_id, workspace }: z.output<typeof userFilter>,
): Promise<RawBuilder<unknown>> {
  const workspaces = await findWorkspaceIds(db, workspace);
  return allOf([
    q !== undefined &&
      isAmong(
        userId,
        sql`SELECT id FROM users WHERE words_of(email || ' ' || name) @@ to_tsquery('simple', ${wordsQuery(q)})`,
      ),
    state === 'disabled' && isDisabled,
    state === 'active' && isActive,
    is_admin === true && sql`u.is_admin`,
    is_admin === false && sql`NOT u.is_admin`,
    workspace_id !== undefined &&
      sql`EXISTS (SELECT FROM memberships m WHERE m.workspace_id = ${workspace_id} AND m.user_id = u.id)`,
    workspaces &&
      sql`EXISTS (SELECT FROM memberships m
      WHERE ${isOneOf(sql`m.workspace_id`, workspaces)} AND m.user_id = u.id)`,
  ]);
}

type Affected = {
  action: (typeof userActions)[number] | undefined;
  /** Whoever disables all others is not left out in the middle of it. */
  by: number | null;
};

export async function matchingUsers(
  db: Db,
  filter: z.output<typeof userFilter>,
  { action, by }: Affected,
): Promise<Matching> {
  const where = allOf([
    await matches(db, filter),
    action === 'disable' && isActive,
    action === 'disable' && by !== null && sql`u.id <> ${by}`,
    action === 'enable' && isDisabled,
  ]);
  return [{ id: userId, rows: sql`users u WHERE ${where}` }];
}

type MemberRow = z.output<typeof memberRow>;
type FoundMember = Keyed & {
  email: string;
  name: string;
  role: MemberRow['role'];
  disabled_at: Date | null;
  created_at: Date;
};
const memberId = sql`m.user_id`;

/** @throws NotFoundError when there is no such workspace. */
export async function readMembers(
  db: Db,
  workspaceId: number,
  page: PageRequest & Pick<z.output<typeof memberQuery>, 'role'>,
): Promise<TablePage<MemberRow>> {
  const workspace = await db
    .selectFrom('workspaces')
    .select('id')
    .where('id', '=', workspaceId)
    .executeTakeFirst();
  if (!workspace) throw new NotFoundError('workspace');
  const { key, behind, orderBy } = keysetPage(page, { id: { by: memberId, type: 'bigint' } }, memberId);
  const { role } = page;
  const where = allOf([
    sql`m.workspace_id = ${workspaceId}`,
    behind,
    role !== undefined && sql`m.role = ${role}`,
  ]);
  const query = sql<FoundMember>`
    SELECT m.user_id AS id, ${key} AS sort_key, u.email, u.name, m.role, u.disabled_at, m.created_at
    FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE ${where} ORDER BY ${orderBy} LIMIT ${page.limit}`;
  return readPage(db, page, query, ({ id, email, name, role, disabled_at, created_at }) => ({
    id,
    email,
    name,
    role,
    disabled: disabled_at !== null,
    since: created_at.toISOString(),
  }));
}
