import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import { type Actor, audit } from '../audit-log.ts';
import { getUser, insertUser, preparePassword } from '../user-store.ts';
import { addMember } from '../workspace-store.ts';
import { describeInvite, takeInvite } from './link-store.ts';

type Invited = {
  /** Who is signed in. */
  userId: number | undefined;
  newUser: { name?: string | undefined; email?: string | undefined; password?: string | undefined };
  by: Actor;
};

/**
 * Makes someone a member of the workspace that the invite is for; with a new account unless they have one.
 *
 * @throws RequestError link_invalid, email_taken, invalid_request.
 */
export async function acceptInvite(db: Db, token: string, { userId, newUser, by }: Invited): Promise<void> {
  // Before anything that takes long: only who has an invite makes the server hash a password.
  await describeInvite(db, token);
  const account = userId === undefined ? await prepareAccount(newUser) : undefined;
  await db.transaction().execute(async trx => {
    const email = account?.email ?? (userId === undefined ? '' : (await getUser(trx, userId)).email);
    const { workspaceId, role } = await takeInvite(trx, token, email);
    const memberId = userId ?? (account && (await insertUser(trx, account, account.passwordHash)));
    if (memberId === undefined) throw new Error('an invite without anybody');
    await addMember(trx, workspaceId, { userId: memberId, role });
    const details = { user_id: memberId, role };
    await audit(trx, by, { action: 'invite-accepted', workspaceId, details });
  });
}

async function prepareAccount({ name, email, password }: Invited['newUser']) {
  if (name === undefined || email === undefined || password === undefined)
    throw new RequestError('invalid_request', 'A new account needs name, email and password.');
  return { name, email, isAdmin: false, passwordHash: await preparePassword(password) };
}
