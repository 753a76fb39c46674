import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { secretsOf } from './captured-log.ts';
import { childEnv, childFlags } from './child-processes.ts';
import { waitUntil } from './wait-until.ts';

const repository = resolve(import.meta.dirname, '..');

export type LecternProcess = {
  child: ChildProcess;
  /** The exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  output(): string;
  /** Once it says that it is ready. */
  baseUrl(): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
};

/**
 * The server as `npm start` runs it, with these settings and none of whoever runs the test.
 *
 * @param processes as `lectern serve --processes` takes them.
 * @param root where the program lies.
 */
export function startLectern(
  env: Record<string, string>,
  processes?: number,
  root = repository,
): LecternProcess {
  const program =
    processes === undefined
      ? [join(root, 'server/main.ts')]
      : [join(root, 'cli/main.ts'), 'serve', '--processes', String(processes)];
  const child = spawn(process.execPath, [...childFlags, ...program], {
    cwd: env.LECTERN_DATA_DIR, // Where no .env lies.
    env: {
      ...childEnv,
      EMBEDDING_WORKERS: '1',
      DRAIN_SECONDS: '10',
      SESSION_TITLES: 'question',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', piece => (output += piece));
  child.stderr.on('data', piece => (output += piece));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    for (const secret of secretsOf(env)) assert.ok(!output.includes(secret), 'the server printed a secret');
    return code ?? null;
  });
  const findUrl = () =>
    (processes === undefined ? /"url":"([^"]+)"/ : /"listensOn":"([^"]+)"/).exec(output)?.[1];
  return {
    child,
    ended,
    output: () => output,
    baseUrl: () =>
      waitUntil('Lectern is ready', () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
        return findUrl();
      }),
    async kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
