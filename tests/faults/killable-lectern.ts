import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { IngestionStep } from '../../server/documents/ingestion/ingestion-steps.ts';
import type { Client } from '../api-client.ts';
import { childEnv, childFlags } from '../child-processes.ts';
import { waitUntil } from '../wait-until.ts';

const entry = new URL('./killable-server.ts', import.meta.url);

/** A named point of an ingestion, and at which of its passes the process ends. */
export type KillPoint = { step: IngestionStep; pass: number };

export type KillableLectern = Client & {
  /** Once it serves. */
  ready(): Promise<void>;
  /** It will end itself there; what was passed so far does not count. */
  killAt(point: KillPoint): Promise<void>;
  hasEnded(): boolean;
  /** Once it has ended itself. */
  killed(): Promise<void>;
  /** How it ended: an exit code or a signal's name. */
  end(signal: NodeJS.Signals): Promise<number | string | null>;
  output(): string;
};

/** The server in a process of its own, with these settings and none of whoever runs the test. */
export function startKillableLectern(env: Record<string, string>, from?: KillPoint): KillableLectern {
  const child = fork(entry, from ? [from.step, String(from.pass)] : [], {
    cwd: env.LECTERN_DATA_DIR, // Where no .env lies.
    env: { ...childEnv, EMBEDDING_WORKERS: '1', DRAIN_SECONDS: '2', ...env },
    execArgv: childFlags,
    silent: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', piece => (output += piece));
  const ended = once(child, 'close').then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? null,
  );
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const baseUrl = () =>
    waitUntil('Lectern is ready', () => {
      if (hasEnded()) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}: ${output}`);
      return /"url":"([^"]+)"/.exec(output)?.[1];
    });
  return {
    async ready() {
      await baseUrl();
    },
    fetch: async (path, init) => fetch(`${await baseUrl()}${path}`, init),
    async killAt(point) {
      const armed = once(child, 'message');
      child.send(point);
      await armed;
    },
    hasEnded,
    async killed() {
      await waitUntil('it has ended itself', hasEnded);
      if ((await ended) !== 'SIGKILL') throw new Error(`it ended with ${await ended}: ${output}`);
    },
    async end(signal) {
      child.kill(signal);
      return ended;
    },
    output: () => output,
  };
}
