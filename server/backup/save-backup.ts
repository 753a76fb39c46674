import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

type Options = {
  /** Where it lies until it is whole, in the same folder; beside `path` unless told. */
  unfinished?: string;
  signal?: AbortSignal;
};

/**
 * Saves a backup under a name that no unfinished one ever has, and only this user may read it.
 *
 * @returns the number of bytes.
 * @throws Error with code EEXIST when there is an unfinished one: somebody else is at it.
 */
export async function saveBackup(
  openBackup: () => Promise<Readable>,
  path: string,
  { unfinished = `${path}.partial`, signal }: Options = {},
): Promise<number> {
  const file = await open(unfinished, 'wx', 0o600);
  try {
    const target = createWriteStream('', { fd: file.fd, autoClose: false });
    await pipeline(await openBackup(), target, { ...(signal && { signal }) });
    await file.sync();
    await file.close();
    await rename(unfinished, path);
    await syncFolder(dirname(path));
    return target.bytesWritten;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** So that the new name survives a power cut as well. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
