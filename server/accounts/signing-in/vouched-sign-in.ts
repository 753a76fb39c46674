import { randomBytes } from 'node:crypto';
import type { Db } from '../../database/open-database.ts';
import type { Cookies } from './authentication.ts';
import { SIGN_IN_SECONDS, signInCookie } from './sign-in-cookie.ts';

/** Signs in someone for whom somebody else vouches: neither password nor second factor is asked for here. */
export async function signInVouched(db: Db, userId: number, secretKey: string): Promise<Cookies> {
  const token = randomBytes(32).toString('base64url');
  await db
    .insertInto('sign_ins')
    .values({ user_id: userId, token, expires_at: new Date(Date.now() + 1000 * SIGN_IN_SECONDS) })
    .execute();
  return [signInCookie(token, secretKey)];
}
