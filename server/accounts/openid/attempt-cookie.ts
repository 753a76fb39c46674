import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { findCookie } from '../signing-in/sign-in-cookie.ts';

const ATTEMPT_COOKIE = 'lectern_openid';
/** Long enough to sign in at the provider, with a second factor and a forgotten password. */
const ATTEMPT_SECONDS = 1_800;
/** For every path: which prefix a proxy takes away is not known here. */
const attributes = 'Path=/; HttpOnly; SameSite=Lax';

const kept = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  expiresAt: z.number(),
});

type Kept = Omit<z.infer<typeof kept>, 'expiresAt'>;

/**
 * What a browser has to bring back from the provider. In its own cookie, so that any process can go on with it and
 * nothing has to be cleaned up; signed, so that nobody else has written it.
 */
export function attemptCookie(attempt: Kept, secretKey: string): string {
  const expiresAt = Date.now() + 1000 * ATTEMPT_SECONDS;
  const text = Buffer.from(JSON.stringify({ ...attempt, expiresAt })).toString('base64url');
  return `${ATTEMPT_COOKIE}=${text}.${signatureOf(text, secretKey)}; Max-Age=${ATTEMPT_SECONDS}; ${attributes}`;
}

/** An attempt is good once in its browser. */
export const endedAttemptCookie = `${ATTEMPT_COOKIE}=; Max-Age=0; ${attributes}`;

/** Undefined when there is none, or it is too old or not ours. */
export function readAttempt(cookies: string | undefined, secretKey: string): Kept | undefined {
  const [text = '', signature = ''] = findCookie(cookies ?? '', ATTEMPT_COOKIE)?.split('.') ?? [];
  const expected = Buffer.from(signatureOf(text, secretKey));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const { expiresAt, ...attempt } = kept.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  return expiresAt > Date.now() ? attempt : undefined;
}

/** Named, so that no signature of the same key for another purpose passes for one. */
const signatureOf = (text: string, secretKey: string) =>
  createHmac('sha256', secretKey).update(`openid attempt ${text}`).digest('base64url');
