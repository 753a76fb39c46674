import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';

/** The clock of a file system may be this coarse: what was written just before a look counts as written after it. */
const CLOCK_MS = 2_000;
/** Files are copied again without pausing until a round takes no longer than this, but not for ever. */
const SHORT_ROUND_MS = 50;
const MOST_ROUNDS = 5;

/**
 * Copies the folder of a PostgreSQL that goes on working. Rounds without a pause copy what has changed since the
 * round before; the last one pauses the database and copies only what is still different. The copy is what a
 * crash at that moment would have left: opening it replays its log, and transactions that were open are undone.
 *
 * @returns milliseconds for which the database was paused.
 */
export async function copyWhileUsed(database: PGlite, from: string, to: string): Promise<number> {
  let since = Number.NEGATIVE_INFINITY;
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const startedAt = Date.now();
    await copyChanged(from, to, since);
    since = startedAt - CLOCK_MS;
    if (Date.now() - startedAt <= SHORT_ROUND_MS) break;
  }
  return database.runExclusive(async () => {
    const startedAt = performance.now();
    await copyChanged(from, to, since);
    return performance.now() - startedAt;
  });
}

/** Copies the files that were written since then, or have another size, and removes those that are gone. */
async function copyChanged(from: string, to: string, since: number): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const entries = await readdir(from, { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  for (const name of await readdir(to))
    if (!names.has(name)) await rm(join(to, name), { recursive: true, force: true });
  for (const entry of entries) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    try {
      if (entry.isDirectory()) await copyChanged(source, target, since);
      else if (await isChanged(source, target, since))
        await copyFile(source, target, constants.COPYFILE_FICLONE);
    } catch (error) {
      if (!isMissing(error)) throw error; // Dropped meanwhile: the next round removes it.
    }
  }
}

async function isChanged(source: string, target: string, since: number): Promise<boolean> {
  const { mtimeMs, size } = await lstat(source);
  if (mtimeMs >= since) return true;
  const copied = await lstat(target).catch(() => undefined);
  return copied?.size !== size;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
