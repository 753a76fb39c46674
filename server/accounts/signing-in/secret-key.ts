import { randomBytes } from 'node:crypto';
import { constants, copyFile, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../../errors.ts';

const fileName = 'secret-key';

/**
 * The configured secret key or, without one, that of the data folder, made on first start from 48 random
 * bytes. Two processes that start at once end with the same key.
 */
export async function loadSecretKey(configured: string | undefined, dataDir: string): Promise<string> {
  if (configured !== undefined) return configured;
  const path = join(dataDir, fileName);
  const existing = await readKey(path);
  if (existing !== undefined) return existing;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await publishNewKey(path);
  const key = await readKey(path);
  if (key === undefined) throw new StartError(`The secret key ${path} was removed while Lectern started.`);
  return key;
}

async function readKey(path: string): Promise<string | undefined> {
  try {
    const key = (await readFile(path, 'utf8')).trim();
    if (key.length >= 32) return key;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new StartError(`The secret key ${path} can't be read: ${String(error)}`, { cause: error });
  }
  throw new StartError(
    `The secret key ${path} is damaged: it holds fewer than 32 characters. Remove it and a new one is made; whoever is signed in has to sign in again.`,
  );
}

/**
 * Written whole under a name of its own and then linked: a link fails when the name exists, where a rename
 * would replace the key of another process, and nobody ever sees half a key.
 */
async function publishNewKey(path: string): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(48).toString('base64url')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await claim(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) {
      throw new StartError(`The secret key ${path} can't be written: ${String(error)}`, { cause: error });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Not every file system has links (exFAT, some network shares): there an exclusive copy does. */
async function claim(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw error;
    await copyFile(draft, path, constants.COPYFILE_EXCL);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
