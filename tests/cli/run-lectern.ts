import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { childEnv, childFlags } from '../child-processes.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
const launcher = join(repository, 'cli/lectern.mjs');

export type Settings = Record<string, string>;
export type Result = { code: number | null; stdout: string; stderr: string };

/** A folder outside the checkout, so that no .env is read, with room for a data folder. */
export async function createFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'lectern-cli-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts the command as a person would; only PATH and `settings` are in its environment. */
export function startLectern(folder: string, args: string[], settings: Settings = {}) {
  return spawn(process.execPath, [...childFlags, launcher, ...args], {
    cwd: folder,
    env: envOf(folder, settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/**
 * Runs the command to its end.
 *
 * @param input what it reads from standard input; else there is none.
 */
export async function runLectern(
  folder: string,
  args: string[],
  settings: Settings = {},
  input?: string,
): Promise<Result> {
  if (input === undefined) return finish(startLectern(folder, args, settings));
  const child = spawn(process.execPath, [...childFlags, launcher, ...args], {
    cwd: folder,
    env: envOf(folder, settings),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  return finish(child);
}

const envOf = (folder: string, settings: Settings) => ({
  ...childEnv,
  LECTERN_DATA_DIR: join(folder, 'data'),
  ...settings,
});

async function finish(child: ChildProcessByStdio<Writable | null, Readable, Readable>): Promise<Result> {
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, stdout, stderr };
}

/** `lectern serve` on a free port, ready; `stop` ends it with SIGTERM and returns its exit code. */
export async function startServer(folder: string, settings: Settings = {}) {
  const child = startLectern(folder, ['serve'], { PORT: '0', ...settings });
  child.stderr.pipe(process.stderr);
  let log = '';
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    log += piece;
    if (log.includes('Lectern is ready')) break;
  }
  child.stdout.resume();
  const url = /"url":"([^"]+)"/.exec(log)?.[1];
  if (url === undefined) throw new Error(`the server did not start: ${log}`);
  return {
    url,
    async stop(): Promise<number | null> {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}
