import { createHmac, timingSafeEqual } from 'node:crypto';

/** better-auth sets it; authentication.ts tells it the name. */
export const SIGN_IN_COOKIE = 'lectern_sign_in';

/** A sign-in lasts so long, whether or not it is used. */
export const SIGN_IN_SECONDS = 30 * 86_400;

/** As better-auth sets it, for who signs in without it. */
export function signInCookie(token: string, secretKey: string): string {
  const signature = createHmac('sha256', secretKey).update(token).digest('base64');
  const value = encodeURIComponent(`${token}.${signature}`);
  return `${SIGN_IN_COOKIE}=${value}; Max-Age=${SIGN_IN_SECONDS}; Path=/; HttpOnly; SameSite=Lax`;
}

/**
 * The token of a sign-in in a request's Cookie header, when its signature holds: `token.signature`, the
 * HMAC-SHA-256 of the token in base64, as better-auth signs cookies. Read here and not by better-auth because
 * every request needs it, and better-auth is loaded only once someone signs in.
 */
export function readSignInToken(cookies: string | undefined, secretKey: string): string | undefined {
  const value = findCookie(cookies ?? '', SIGN_IN_COOKIE);
  const dot = value?.lastIndexOf('.') ?? -1;
  if (value === undefined || dot <= 0) return undefined;
  const token = value.slice(0, dot);
  const expected = createHmac('sha256', secretKey).update(token).digest();
  const given = Buffer.from(value.slice(dot + 1), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined;
}

export function findCookie(cookies: string, name: string): string | undefined {
  const found = cookies
    .split(';')
    .map(cookie => cookie.trim())
    .find(cookie => cookie.startsWith(`${name}=`));
  try {
    return found && decodeURIComponent(found.slice(name.length + 1));
  } catch {
    return undefined; // Not one that was set here.
  }
}
