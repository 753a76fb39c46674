import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const BLOCK = Buffer.alloc(64 * 1024, 1);

export type SmallDisk = {
  folder: string;
  /** Leaves no byte free. */
  fill(): Promise<void>;
  /** Takes away what `fill` has written. */
  free(): Promise<void>;
  remove(): Promise<void>;
};

/** A file system in memory that can be filled up; undefined where nothing can be mounted. */
export async function mountSmallDisk(sizeMb: number): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-small-disk-'));
  const run = promisify(execFile);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'lectern-test', folder]);
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill() {
      const file = await open(ballast, 'a');
      try {
        for (let size = BLOCK.length; size >= 1; )
          await file.write(BLOCK, 0, size).then(
            () => {},
            () => {
              size = size > 1 ? Math.floor(size / 2) : 0;
            },
          );
      } finally {
        await file.close();
      }
    },
    free: () => rm(ballast, { force: true }),
    async remove() {
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
