import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ServedCopy = {
  /** The `host` that `pg` wants. */
  socketFolder: string;
  close(): Promise<void>;
};

/** Opens a copy of the embedded database's folder in a process of its own. */
export async function serveCopy(folder: string): Promise<ServedCopy> {
  const socketFolder = await mkdtemp(join(tmpdir(), 'lectern-'));
  const script = fileURLToPath(new URL('./serve-copy-worker.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, join(socketFolder, '.s.PGSQL.5432')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', piece => {
    errors += piece;
  });
  // It may have ended before it is told to.
  child.stdin.on('error', () => {});
  const close = async () => {
    child.stdin.end();
    await ended;
    await rm(socketFolder, { recursive: true, force: true });
  };
  const isReady = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)]);
  if (isReady) return { socketFolder, close };
  await close();
  throw new Error(`the copy of the embedded database does not open: ${errors}`);
}
