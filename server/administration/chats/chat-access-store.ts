import { sql } from 'kysely';
import type { Db, Trx } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';

export type ChatAccess = {
  user_id: number;
  email: string;
  name: string;
  reason: string;
  granted_at: Date;
  expires_at: Date;
};

/** Of the whole database, as all of these: users belong to no workspace. */
export async function listChatAccess(wholeDb: Db | Trx, workspaceId: number): Promise<ChatAccess[]> {
  return wholeDb
    .selectFrom('chat_access as a')
    .innerJoin('users as u', 'u.id', 'a.user_id')
    .select(['a.user_id', 'u.email', 'u.name', 'a.reason', 'a.granted_at', 'a.expires_at'])
    .where('a.workspace_id', '=', workspaceId)
    .where('a.expires_at', '>', sql<Date>`now()`)
    .orderBy('a.user_id')
    .execute();
}

/**
 * Lets an administrator look at the chats of a workspace; given again, it holds from now on.
 *
 * @throws NotFoundError when no administrator has the address.
 */
export async function grantChatAccess(
  trx: Trx,
  workspaceId: number,
  { email, reason, days }: { email: string; reason: string; days: number },
): Promise<ChatAccess> {
  const user = await trx
    .selectFrom('users')
    .select('id')
    .where('email', '=', email)
    .where('is_admin', '=', true)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (!user) throw new NotFoundError('administrator');
  const grant = { reason, granted_at: new Date(), expires_at: new Date(Date.now() + days * 86_400_000) };
  await trx
    .insertInto('chat_access')
    .values({ workspace_id: workspaceId, user_id: user.id, ...grant })
    .onConflict(conflict => conflict.columns(['workspace_id', 'user_id']).doUpdateSet(grant))
    .execute();
  const granted = await listChatAccess(trx, workspaceId);
  const access = granted.find(one => one.user_id === user.id);
  if (!access) throw new Error('the access that was given is not there');
  return access;
}

/** @throws NotFoundError */
export async function revokeChatAccess(trx: Trx, workspaceId: number, userId: number): Promise<void> {
  const { numDeletedRows } = await trx
    .deleteFrom('chat_access')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new NotFoundError('access');
}

export type InspectedWorkspace = { id: number; name: string; reason: string; expires_at: Date };

/** The workspaces whose chats a user may look at now. */
export async function listInspected(wholeDb: Db, userId: number): Promise<InspectedWorkspace[]> {
  return wholeDb
    .selectFrom('chat_access as a')
    .innerJoin('workspaces as w', 'w.id', 'a.workspace_id')
    .select(['w.id', 'w.name', 'a.reason', 'a.expires_at'])
    .where('a.user_id', '=', userId)
    .where('a.expires_at', '>', sql<Date>`now()`)
    .orderBy('w.id')
    .execute();
}
