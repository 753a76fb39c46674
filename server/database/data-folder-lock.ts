import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
export function lockDataFolder(dataDir: string): DataFolderLock {
  const lock = openLockFile(dataDir);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StartError(describeHolder(dataDir, readAnnouncement(dataDir)), { cause: error });
  }
  announceServer(dataDir, null);
  return {
    announce: url => announceServer(dataDir, url),
    release() {
      withdrawServer(dataDir);
      lock.close();
    },
  };
}

/** Writes down which process serves this folder's data, for messages and for the command line. */
export function announceServer(dataDir: string, url: string | null): void {
  const holder: LockHolder = { pid: process.pid, host: hostname(), url };
  writeFileSync(holderFile(dataDir), `${JSON.stringify(holder)}\n`);
}

/** Undoes it, unless another process has announced itself since. */
export function withdrawServer(dataDir: string): void {
  if (readAnnouncement(dataDir)?.pid === process.pid) rmSync(holderFile(dataDir), { force: true });
}

const holderFile = (dataDir: string) => join(dataDir, 'holder.json');

function openLockFile(dataDir: string): DatabaseSync {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
    return new DatabaseSync(join(dataDir, 'lock.db'), { timeout: 0 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The data folder ${dataDir} can't be used: ${reason}. Make it a folder that this user may write to, or set LECTERN_DATA_DIR.`,
      { cause: error },
    );
  }
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
    return readAnnouncement(dataDir) ?? { pid: 0, host: hostname(), url: null };
  } finally {
    probe.close();
  }
}

/** Who has announced itself last; it may have ended since. */
export function readAnnouncement(dataDir: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(holderFile(dataDir), 'utf8')));
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
