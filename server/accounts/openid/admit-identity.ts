import type { Role } from '../../../contract/accounts/permissions.ts';
import { isUniqueViolation } from '../../database/database-errors.ts';
import type { Db, Trx } from '../../database/open-database.ts';
import { type Actor, audit } from '../audit-log.ts';
import { hasAdmin } from '../signing-in/sign-in-requirement.ts';
import { addMember, readDefaultWorkspace } from '../workspace-store.ts';
import { OpenidError } from './openid-error.ts';
import type { Identity } from './openid-provider.ts';

export type AdmissionRules = {
  /** Of e-mail addresses; who has one gets an account. `*`: whoever has an address. */
  allowedDomains: string[];
  /** Of new users, in the first workspace. */
  role: Role;
};

/**
 * The user that somebody is whom the provider vouches for: whoever came as this identity before, else whoever has its
 * verified e-mail address, else someone new where the rules let them in.
 *
 * @throws OpenidError email_unverified, unknown, other_identity, disabled.
 */
export async function admitIdentity(
  db: Db,
  identity: Identity,
  { rules, by }: { rules: AdmissionRules; by: Actor },
): Promise<number> {
  const admit = () => db.transaction().execute(trx => findOrMake(trx, identity, { rules, by }));
  try {
    return await admit();
  } catch (error) {
    // The same person in two browsers at once: the other one was first.
    if (!isMadeMeanwhile(error)) throw error;
    return admit();
  }
}

const isMadeMeanwhile = (error: unknown) =>
  isUniqueViolation(error, 'users_email_key') ||
  isUniqueViolation(error, 'user_credentials_provider_id_account_id_key');

type Context = { rules: AdmissionRules; by: Actor };

async function findOrMake(trx: Trx, identity: Identity, { rules, by }: Context): Promise<number> {
  const { issuer, subject, email, isEmailVerified } = identity;
  const known = await trx
    .selectFrom('user_credentials')
    .innerJoin('users', 'users.id', 'user_credentials.user_id')
    .select(['users.id', 'users.disabled_at'])
    .where('provider_id', '=', issuer)
    .where('account_id', '=', subject)
    .executeTakeFirst();
  if (known) return requireEnabled(known);
  if (email === undefined || !isEmailVerified)
    throw new OpenidError('email_unverified', 'the provider has not verified an e-mail address');
  const user = await trx
    .selectFrom('users')
    .select(['id', 'disabled_at'])
    .where('email', '=', email)
    .executeTakeFirst();
  const userId = user ? requireEnabled(user) : await makeUser(trx, { ...identity, email }, { rules, by });
  if (user) await refuseOtherIdentity(trx, userId, identity);
  await trx
    .insertInto('user_credentials')
    .values({ user_id: userId, provider_id: issuer, account_id: subject })
    .execute();
  await audit(trx, { ...by, userId }, { action: 'identity-linked', details: { issuer, subject } });
  return userId;
}

function requireEnabled({ id, disabled_at }: { id: number; disabled_at: Date | null }): number {
  if (disabled_at !== null) throw new OpenidError('disabled', `the user ${id} is disabled`);
  return id;
}

/**
 * An address that the provider has given to somebody else meanwhile does not lead into the account of before. The same
 * identity may be there by now, from another browser: linking it then fails as unique, and it is looked for once more.
 */
async function refuseOtherIdentity(trx: Trx, userId: number, { issuer, subject }: Identity): Promise<void> {
  const other = await trx
    .selectFrom('user_credentials')
    .select('id')
    .where('user_id', '=', userId)
    .where('provider_id', '=', issuer)
    .where('account_id', '!=', subject)
    .executeTakeFirst();
  if (other)
    throw new OpenidError('other_identity', `the user ${userId} is another identity at the provider`);
}

async function makeUser(
  trx: Trx,
  { email, name }: Identity & { email: string },
  { rules: { allowedDomains, role }, by }: Context,
): Promise<number> {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  const isAllowed = allowedDomains.includes('*') || allowedDomains.includes(domain);
  // Whoever comes first would lock the server with nobody to administer it.
  if (!isAllowed || !(await hasAdmin(trx)))
    throw new OpenidError('unknown', 'nobody has this address, and new users of its domain are not let in');
  const { id } = await trx
    .insertInto('users')
    .values({ email, name, email_verified: true })
    .returning('id')
    .executeTakeFirstOrThrow();
  const workspaceId = await readDefaultWorkspace(trx);
  await addMember(trx, workspaceId, { userId: id, role });
  const details = { user_id: id, role };
  await audit(trx, { ...by, userId: id }, { action: 'user-created', workspaceId, details });
  return id;
}
