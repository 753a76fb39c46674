import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Role } from '../../contract/accounts/permissions.ts';
import type { Db, Trx } from '../database/open-database.ts';
import { NotFoundError, RequestError } from '../errors.ts';
import { hashPassword } from './signing-in/passwords.ts';

export type NewUser = { email: string; name: string; password: string; isAdmin: boolean };

/** better-auth's name for an address with a password. */
const PASSWORD_PROVIDER = 'credential';

export type UserRow = {
  id: number;
  email: string;
  name: string;
  is_admin: boolean;
  disabled_at: Date | null;
  two_factor_enabled: boolean;
  created_at: Date;
};

const columns = [
  'id',
  'email',
  'name',
  'is_admin',
  'disabled_at',
  'two_factor_enabled',
  'created_at',
] as const;

/**
 * @param passwordHash made before the transaction begins: it takes a while.
 * @throws RequestError email_taken.
 */
export async function insertUser(
  trx: Trx,
  { email, name, isAdmin }: Omit<NewUser, 'password'>,
  passwordHash: string,
): Promise<number> {
  const user = await trx
    .insertInto('users')
    .values({ email, name, is_admin: isAdmin })
    .onConflict(conflict => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!user) throw new RequestError('email_taken', 'There is an account with this e-mail address already.');
  await insertPassword(trx, user.id, passwordHash);
  return user.id;
}

async function insertPassword(db: Db | Trx, userId: number, password: string): Promise<void> {
  await db
    .insertInto('user_credentials')
    .values({
      user_id: userId,
      provider_id: PASSWORD_PROVIDER,
      account_id: String(userId),
      password,
    })
    .onConflict(conflict =>
      conflict.columns(['provider_id', 'account_id']).doUpdateSet({ password, updated_at: new Date() }),
    )
    .execute();
}

/** Sets the password, and ends all sign-ins: whoever knew the old one is out. */
export async function resetPassword(trx: Trx, userId: number, passwordHash: string): Promise<void> {
  await insertPassword(trx, userId, passwordHash);
  await endSignIns(trx, userId);
}

/** Of someone who is still to set a password: nobody knows this one. */
export const prepareNoPassword = (): Promise<string> => hashPassword(randomBytes(32).toString('base64url'));

export const preparePassword = (password: string): Promise<string> => hashPassword(password);

export async function endSignIns(db: Db | Trx, userId: number): Promise<void> {
  await db.deleteFrom('sign_ins').where('user_id', '=', userId).execute();
}

export async function findUserId(db: Db, email: string): Promise<number | undefined> {
  return (await db.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst())?.id;
}

/** @throws NotFoundError */
export async function getUser(db: Db | Trx, userId: number): Promise<UserRow> {
  const user = await db.selectFrom('users').select(columns).where('id', '=', userId).executeTakeFirst();
  if (!user) throw new NotFoundError('user');
  return user;
}

export type UserWithWorkspaces = UserRow & { workspaces: { id: number; name: string; role: Role }[] };

/** By their ids, newest first. */
export async function listUsers(
  db: Db,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<UserWithWorkspaces[]> {
  const { rows } = await sql<UserWithWorkspaces>`
    SELECT u.id, u.email, u.name, u.is_admin, u.disabled_at, u.two_factor_enabled, u.created_at,
      coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name, 'role', m.role) ORDER BY w.id)
        FILTER (WHERE w.id IS NOT NULL), '[]') AS workspaces
    FROM (SELECT * FROM users WHERE ${before ?? null}::bigint IS NULL OR id < ${before ?? null}::bigint
      ORDER BY id DESC LIMIT ${limit}) u
    LEFT JOIN memberships m ON m.user_id = u.id
    LEFT JOIN workspaces w ON w.id = m.workspace_id
    GROUP BY u.id, u.email, u.name, u.is_admin, u.disabled_at, u.two_factor_enabled, u.created_at
    ORDER BY u.id DESC`.execute(db);
  return rows;
}

/**
 * Disables or enables someone, or makes them an administrator; the last administrator stays one.
 *
 * @throws NotFoundError; RequestError last_admin.
 */
export async function changeUser(
  trx: Trx,
  userId: number,
  { disabled, isAdmin }: { disabled: boolean | undefined; isAdmin: boolean | undefined },
): Promise<void> {
  // All of them, so that no two requests take away each other's last one.
  const admins = await trx
    .selectFrom('users')
    .select('id')
    .where('is_admin', '=', true)
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  const loses = disabled === true || isAdmin === false;
  if (loses && admins.every(({ id }) => id === userId) && admins.length > 0)
    throw new RequestError('last_admin', 'This is the only administrator. Make another one first.');
  const changed = await trx
    .updateTable('users')
    .set({
      ...(disabled !== undefined && { disabled_at: disabled ? new Date() : null }),
      ...(isAdmin !== undefined && { is_admin: isAdmin }),
      updated_at: new Date(),
    })
    .where('id', '=', userId)
    .returning('id')
    .executeTakeFirst();
  if (!changed) throw new NotFoundError('user');
  if (disabled === true) await endSignIns(trx, userId);
}
