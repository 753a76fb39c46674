import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killAtExit } from './kill-at-exit.ts';
import { cpuSeconds } from './process-usage.ts';
import { repositoryRoot } from './repository-root.ts';

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 5;

export type ServerProcess = {
  baseUrl: string;
  pid: number;
  /** From the start of the process to the first 200 of /readyz. */
  readyMs: number;
  /** Processor time spent until then. */
  readyCpuSeconds: number;
  /** As an operator stops it; rejects when it does not exit with 0. */
  stop(): Promise<void>;
};

type Options = {
  /** Holds the data and the log; the working directory too, so that no `.env` is read. */
  folder: string;
  /** Settings by their variables. */
  settings?: Record<string, string>;
  /** As `lectern serve --processes` takes them. */
  processes?: number;
};

/** Starts the server as `npm start` does and waits until it is ready. */
export async function startServer({ folder, settings = {}, processes }: Options): Promise<ServerProcess> {
  const port = await findFreePort();
  const logFile = join(folder, 'server.log');
  const log = openSync(logFile, 'a');
  const startedAt = performance.now();
  const program =
    processes === undefined ? ['server/main.ts'] : ['cli/main.ts', 'serve', '--processes', String(processes)];
  const [script = '', ...rest] = program;
  const args = ['--max-semi-space-size=8', join(repositoryRoot, script), ...rest];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', log, log],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: process.env.TMPDIR,
      // As `npm start` sets it, see docs/decisions/0012-memory.md.
      MALLOC_TRIM_THRESHOLD_: '131072',
      // As `npm start` has it beside the packages; here the first start of a folder has nothing compiled.
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
      // For profiles of the server: `BENCH_SERVER_NODE_OPTIONS="--cpu-prof --cpu-prof-dir=/tmp/p" node bench/main.ts …`.
      NODE_OPTIONS: process.env.BENCH_SERVER_NODE_OPTIONS,
      LOG_LEVEL: 'warn',
      PORT: String(port),
      LECTERN_DATA_DIR: join(folder, 'data'),
      ...settings,
    },
  });
  closeSync(log);
  killAtExit(child);
  const baseUrl = `http://127.0.0.1:${port}`;
  await waitUntilReady(child, `${baseUrl}/readyz`, logFile);
  const readyMs = performance.now() - startedAt;
  if (child.pid === undefined) throw new Error('The server has no process.');
  const readyCpuSeconds = await cpuSeconds(child.pid);
  return { baseUrl, pid: child.pid, readyMs, readyCpuSeconds, stop: () => stop(child, logFile) };
}

/** Runs the work with a new folder that is gone afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Runs the work with a server, which is stopped afterwards. */
export async function withServer<T>(
  options: Options,
  work: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  const server = await startServer(options);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function waitUntilReady(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline)
      throw new Error(`The server did not get ready:\n${await readFile(logFile, 'utf8')}`);
    const status = await fetch(url).then(
      response => response.status,
      () => 0,
    );
    if (status === 200) return;
    await sleep(POLL_MS);
  }
}

async function stop(child: ChildProcess, logFile: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    child.kill('SIGTERM');
    await exited;
  }
  if (child.exitCode !== 0)
    throw new Error(
      `The server ended with ${child.exitCode ?? child.signalCode}:\n${await readFile(logFile, 'utf8')}`,
    );
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}
