import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { StartError } from '../errors.ts';

const holderSchema = z.object({ pid: z.number(), host: z.string(), url: z.string().nullable() });

/** Who has the data folder open; `url` is null until it listens. */
export type LockHolder = z.infer<typeof holderSchema>;

export type DataFolderLock = {
  /** Tells other processes (the command line) where this one listens. */
  announce(url: string): void;
  release(): void;
};

/**
 * Takes the data folder for this process. PGlite has no lock of its own and two processes on one folder
 * would corrupt it, so the lock is SQLite's file lock: the kernel gives it back when the process dies, also
 * by kill -9, and no two processes can take over a stale one. The JSON file beside it only says who holds it.
 *
 * @throws StartError naming the holder's pid when another process has the folder.
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StartError(describeHolder(dataDir, readLockHolder(dataDir)), { cause: error });
  }
  const holderFile = join(dataDir, 'holder.json');
  const write = (url: string | null) => {
    const holder: LockHolder = { pid: process.pid, host: hostname(), url };
    writeFileSync(holderFile, `${JSON.stringify(holder)}\n`);
  };
  write(null);
  return {
    announce: write,
    release() {
      rmSync(holderFile, { force: true });
      lock.close();
    },
  };
}

/** Whether a process holds the folder now, and which; undefined when none does. */
export function findLockHolder(dataDir: string): LockHolder | undefined {
  let probe: DatabaseSync;
  try {
    probe = new DatabaseSync(join(dataDir, 'lock.db'), { timeout: 0, readOnly: true });
  } catch {
    return undefined; // No folder or no lock file: nobody was ever here.
  }
  try {
    probe.exec('BEGIN; SELECT * FROM sqlite_master;');
    return undefined;
  } catch (error) {
    if (!isBusy(error)) throw error;
    return readLockHolder(dataDir) ?? { pid: 0, host: hostname(), url: null };
  } finally {
    probe.close();
  }
}

function readLockHolder(dataDir: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(join(dataDir, 'holder.json'), 'utf8')));
  } catch {
    return undefined; // The holder has not written it yet.
  }
}

function describeHolder(dataDir: string, holder: LockHolder | undefined): string {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
  const where = holder?.url ? ` (it listens on ${holder.url})` : '';
  return `The data folder ${dataDir} is in use by ${who}${where}. Stop it first, or set LECTERN_DATA_DIR to another folder.`;
}

function isBusy(error: unknown): boolean {
  const SQLITE_BUSY = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
