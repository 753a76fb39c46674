import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const TAG_BYTES = 32;
/** RFC 9106, section 3.1. */
const SALT_BYTES = 16;

/** A password's argon2id hash as a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await deriveTag(password, salt, { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${encode(salt)}$${encode(tag)}`;
}

const phcString = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Whether the password is the one; false as well for what is no such hash. */
export async function verifyPassword({
  hash,
  password,
}: {
  hash: string;
  password: string;
}): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', expected = ''] = phcString.exec(hash) ?? [];
  if (memory === undefined) return false;
  const costs = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const tag = await deriveTag(password, Buffer.from(salt, 'base64'), costs);
  const stored = Buffer.from(expected, 'base64');
  return stored.length === tag.length && timingSafeEqual(stored, tag);
}

type Costs = { memory: number; passes: number; parallelism: number };

/** Unicode's forms of one text are one password (NIST SP 800-63B, 3.1.1.2). */
const deriveTag = (password: string, nonce: Buffer, costs: Costs) =>
  derive('argon2id', { message: password.normalize('NFKC'), nonce, tagLength: TAG_BYTES, ...costs });

const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
