import { sql } from 'kysely';
import type { Role } from '../../../contract/accounts/permissions.ts';
import type { Db, Trx } from '../../database/open-database.ts';
import { NotFoundError, RequestError } from '../../errors.ts';
import { createLinkToken, sha256Of } from '../keys/secrets.ts';

const SET_UP_HOURS = 24;
const RESET_HOURS = 24;

const usedUp = () =>
  new RequestError(
    'link_invalid',
    'This link has been used, has expired or never was one. Ask for a new one.',
  );

/** A link for the first administrator. */
export async function createSetUpLink(db: Db): Promise<string> {
  const { token, sha256 } = createLinkToken();
  await db
    .deleteFrom('account_links')
    .where('purpose', '=', 'set_up')
    .where('expires_at', '<', new Date())
    .execute();
  await sql`INSERT INTO account_links (purpose, token_sha256, expires_at)
    VALUES ('set_up', ${sha256}, now() + ${SET_UP_HOURS} * interval '1 hour')`.execute(db);
  return token;
}

/** A link with which someone sets a new password; those from before no longer work. */
export async function createResetLink(
  trx: Trx,
  userId: number,
): Promise<{ token: string; expires_at: Date }> {
  const { token, sha256 } = createLinkToken();
  await trx.deleteFrom('account_links').where('user_id', '=', userId).execute();
  const { rows } = await sql<{ expires_at: Date }>`
    INSERT INTO account_links (purpose, user_id, token_sha256, expires_at)
    VALUES ('reset', ${userId}, ${sha256}, now() + ${RESET_HOURS} * interval '1 hour')
    RETURNING expires_at`.execute(trx);
  return { token, expires_at: rows[0]?.expires_at ?? new Date() };
}

/**
 * Looks whether a link is good, before anything that takes long; it is not used by that.
 *
 * @throws RequestError link_invalid.
 */
export async function requireLink(db: Db, purpose: 'set_up' | 'reset', token: string): Promise<void> {
  const link = await db
    .selectFrom('account_links')
    .select('id')
    .where('purpose', '=', purpose)
    .where('token_sha256', '=', sha256Of(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', new Date())
    .executeTakeFirst();
  if (!link) throw usedUp();
}

/**
 * Takes a link: of any number of requests with the same one, one gets through; with a link for the first
 * administrator only as long as there is none.
 *
 * @returns whose password it resets; null for the link of the first administrator.
 * @throws RequestError link_invalid.
 */
export async function takeLink(trx: Trx, purpose: 'set_up' | 'reset', token: string): Promise<number | null> {
  const { rows } = await sql<{ user_id: number | null }>`
    UPDATE account_links SET used_at = now()
    WHERE purpose = ${purpose} AND token_sha256 = ${sha256Of(token)} AND used_at IS NULL AND expires_at > now()
      AND (purpose = 'reset' OR NOT EXISTS (SELECT FROM users WHERE is_admin AND disabled_at IS NULL))
    RETURNING user_id`.execute(trx);
  const [link] = rows;
  if (!link) throw usedUp();
  return link.user_id;
}

export type InviteRow = {
  id: number;
  role: Role;
  email: string | null;
  created_at: Date;
  expires_at: Date;
};

const inviteColumns = ['id', 'role', 'email', 'created_at', 'expires_at'] as const;

type NewInvite = { role: Role; email: string | undefined; days: number; createdBy: number | undefined };

export async function createInvite(
  trx: Trx,
  workspaceId: number,
  { role, email, days, createdBy }: NewInvite,
): Promise<InviteRow & { token: string }> {
  const { token, sha256 } = createLinkToken();
  const row = await trx
    .insertInto('invites')
    .values({
      workspace_id: workspaceId,
      role,
      email: email ?? null,
      token_sha256: sha256,
      created_by: createdBy ?? null,
      expires_at: new Date(Date.now() + days * 86_400_000),
    })
    .returning(inviteColumns)
    .executeTakeFirstOrThrow();
  return { ...row, token };
}

/** Those that can still be accepted, newest first. */
export async function listInvites(db: Db, workspaceId: number): Promise<InviteRow[]> {
  return db
    .selectFrom('invites')
    .select(inviteColumns)
    .where('workspace_id', '=', workspaceId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', new Date())
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
}

/** @throws NotFoundError */
export async function deleteInvite(trx: Trx, workspaceId: number, id: number): Promise<void> {
  const { numDeletedRows } = await trx
    .deleteFrom('invites')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new NotFoundError('invite');
}

/** @throws RequestError link_invalid. */
export async function describeInvite(
  db: Db,
  token: string,
): Promise<{ workspace: string; role: Role; email: string | null; expires_at: Date }> {
  const invite = await db
    .selectFrom('invites')
    .innerJoin('workspaces', 'workspaces.id', 'invites.workspace_id')
    .select(['workspaces.name as workspace', 'invites.role', 'invites.email', 'invites.expires_at'])
    .where('token_sha256', '=', sha256Of(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', new Date())
    .executeTakeFirst();
  if (!invite) throw usedUp();
  return invite;
}

/**
 * Takes an invite for someone with this address: of many who try at once, one gets it.
 *
 * @throws RequestError link_invalid, also for one that was meant for another address.
 */
export async function takeInvite(
  trx: Trx,
  token: string,
  email: string,
): Promise<{ workspaceId: number; role: Role }> {
  const { rows } = await sql<{ workspace_id: number; role: Role }>`
    UPDATE invites SET used_at = now()
    WHERE token_sha256 = ${sha256Of(token)} AND used_at IS NULL AND expires_at > now()
      AND (email IS NULL OR email = ${email})
    RETURNING workspace_id, role`.execute(trx);
  const [invite] = rows;
  if (!invite) throw usedUp();
  return { workspaceId: invite.workspace_id, role: invite.role };
}
