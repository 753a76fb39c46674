import { createHash, randomBytes } from 'node:crypto';

/** Begins every API key: known to scanners of repositories, and told from the tokens of others. */
export const KEY_PREFIX = 'lectern_';
/** How much of a key its list shows. */
const SHOWN_CHARACTERS = KEY_PREFIX.length + 6;

/** 256 random bits for a link. Only its hash is stored: what can't be guessed needs no slow hash. */
export function createLinkToken(): { token: string; sha256: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, sha256: sha256Of(token) };
}

export function createApiKeySecret(): { secret: string; prefix: string; sha256: string } {
  const secret = `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
  return { secret, prefix: secret.slice(0, SHOWN_CHARACTERS), sha256: sha256Of(secret) };
}

export const sha256Of = (secret: string): string => createHash('sha256').update(secret).digest('hex');
