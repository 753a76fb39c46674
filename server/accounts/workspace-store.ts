import { sql } from 'kysely';
import type { Role } from '../../contract/accounts/permissions.ts';
import type { Db, Trx } from '../database/open-database.ts';
import { NotFoundError, RequestError } from '../errors.ts';

/** The workspace of a server without accounts: the one that the first migration makes. */
export async function readDefaultWorkspace(db: Db | Trx): Promise<number> {
  const { id } = await db.selectFrom('workspaces').select('id').orderBy('id').executeTakeFirstOrThrow();
  return id;
}

/** Everything that a workspace needs from the beginning, with its first owner. */
export async function createWorkspace(trx: Trx, name: string, ownerId: number): Promise<number> {
  const { id } = await trx
    .insertInto('workspaces')
    .values({ name })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx.insertInto('index_versions').values({ workspace_id: id }).execute();
  await addMember(trx, id, { userId: ownerId, role: 'owner' });
  return id;
}

export async function renameWorkspace(db: Db | Trx, workspaceId: number, name: string): Promise<void> {
  await db.updateTable('workspaces').set({ name }).where('id', '=', workspaceId).execute();
}

export async function readWorkspace(db: Db, workspaceId: number): Promise<{ id: number; name: string }> {
  return db
    .selectFrom('workspaces')
    .select(['id', 'name'])
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
}

export async function listWorkspacesOf(
  db: Db,
  userId: number,
): Promise<{ id: number; name: string; role: Role }[]> {
  return db
    .selectFrom('memberships')
    .innerJoin('workspaces', 'workspaces.id', 'memberships.workspace_id')
    .select(['workspaces.id', 'workspaces.name', 'memberships.role'])
    .where('memberships.user_id', '=', userId)
    .orderBy('workspaces.id')
    .execute();
}

/**
 * Turns a sign-in to another of its user's workspaces.
 *
 * @throws NotFoundError for one that they are not in.
 */
export async function switchWorkspace(db: Db, signInId: number, workspaceId: number): Promise<void> {
  const { rows } = await sql`
    UPDATE sign_ins s SET workspace_id = m.workspace_id FROM memberships m
    WHERE s.id = ${signInId} AND m.user_id = s.user_id AND m.workspace_id = ${workspaceId}
    RETURNING s.id`.execute(db);
  if (rows.length === 0) throw new NotFoundError('workspace');
}

export type MemberRow = {
  user_id: number;
  email: string;
  name: string;
  role: Role;
  disabled_at: Date | null;
  created_at: Date;
};

export async function listMembers(db: Db | Trx, workspaceId: number): Promise<MemberRow[]> {
  return db
    .selectFrom('memberships as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['m.user_id', 'u.email', 'u.name', 'm.role', 'u.disabled_at', 'm.created_at'])
    .where('m.workspace_id', '=', workspaceId)
    .orderBy('m.user_id')
    .execute();
}

/** Who is a member already keeps the higher role. */
export async function addMember(
  trx: Trx,
  workspaceId: number,
  { userId, role }: { userId: number; role: Role },
): Promise<void> {
  await sql`
    INSERT INTO memberships AS known (workspace_id, user_id, role) VALUES (${workspaceId}, ${userId}, ${role})
    ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role
    WHERE array_position(ARRAY['reader', 'editor', 'owner'], excluded.role)
      > array_position(ARRAY['reader', 'editor', 'owner'], known.role)`.execute(trx);
}

/**
 * Gives a member another role, or none; a workspace keeps an owner.
 *
 * @throws NotFoundError; RequestError last_owner.
 */
export async function changeMember(
  trx: Trx,
  workspaceId: number,
  { userId, role }: { userId: number; role: Role | undefined },
): Promise<void> {
  const members = await trx
    .selectFrom('memberships')
    .select(['user_id', 'role'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('user_id')
    .forUpdate()
    .execute();
  const member = members.find(one => one.user_id === userId);
  if (!member) throw new NotFoundError('member');
  const others = members.filter(one => one.role === 'owner' && one.user_id !== userId);
  if (member.role === 'owner' && role !== 'owner' && others.length === 0)
    throw new RequestError('last_owner', 'This is the only owner of the workspace. Make another one first.');
  const place = { workspace_id: workspaceId, user_id: userId };
  if (role === undefined)
    await trx
      .deleteFrom('memberships')
      .where('workspace_id', '=', place.workspace_id)
      .where('user_id', '=', place.user_id)
      .execute();
  else
    await trx
      .updateTable('memberships')
      .set({ role })
      .where('workspace_id', '=', place.workspace_id)
      .where('user_id', '=', place.user_id)
      .execute();
}
