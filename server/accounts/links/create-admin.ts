import type { Db, Trx } from '../../database/open-database.ts';
import { type Actor, audit } from '../audit-log.ts';
import { hasAdmin } from '../signing-in/sign-in-requirement.ts';
import { insertUser, type NewUser, preparePassword } from '../user-store.ts';
import { addMember, readDefaultWorkspace } from '../workspace-store.ts';
import { takeLink } from './link-store.ts';

type Options = {
  by: Actor;
  /** The token of the set-up link, where one is asked for. */
  token?: string | undefined;
};

/**
 * Makes an administrator, who owns the workspace with what there was before there were accounts.
 *
 * @returns the user's id.
 * @throws RequestError link_invalid, email_taken.
 */
export async function createAdmin(
  db: Db,
  { email, name, password }: Omit<NewUser, 'isAdmin'>,
  { by, token }: Options,
): Promise<number> {
  const passwordHash = await preparePassword(password);
  return db.transaction().execute(async trx => {
    if (token !== undefined) await takeLink(trx, 'set_up', token);
    const isFirst = !(await hasAdmin(trx));
    const userId = await insertUser(trx, { email, name, isAdmin: true }, passwordHash);
    const workspaceId = await readDefaultWorkspace(trx);
    await addMember(trx, workspaceId, { userId, role: 'owner' });
    if (isFirst) await takeOver(trx, userId);
    await audit(trx, by, { action: 'admin-created', workspaceId, details: { user_id: userId } });
    return userId;
  });
}

/** What was nobody's on a server without accounts, chats and keys, is the first administrator's. */
async function takeOver(trx: Trx, userId: number): Promise<void> {
  await trx.updateTable('sessions').set({ user_id: userId }).where('user_id', 'is', null).execute();
  await trx.updateTable('api_keys').set({ created_by: userId }).where('created_by', 'is', null).execute();
}
