import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { health } from '../contract/health.ts';
import type { App } from '../server/app.ts';
import { type Config, readConfig } from '../server/config.ts';
import { findLockHolder, type LockHolder, readAnnouncement } from '../server/database/data-folder-lock.ts';
import { StartError } from '../server/errors.ts';
import type { Server } from './api-client.ts';
import { createQuietLogger } from './quiet-logger.ts';
import { printError } from './terminal.ts';

export type Connection = Server & {
  /** Ends the server, if it was started for this command. */
  close(): Promise<void>;
};

/** A process that has the data folder is starting; the first start creates the database. */
const STARTING_MS = 30_000;
const STARTING_POLL_MS = 100;
const PROBE_MS = 2_000;

/**
 * Finds a server to talk to (decision 0009): the one named, else the one that has the data folder open, else
 * the same app started in this process on a free loopback port.
 *
 * @throws StartError when none can be found or started.
 */
export async function connect(server: string | undefined, signal: AbortSignal): Promise<Connection> {
  const config = readConfig();
  const { lecternApiKey: apiKey } = config;
  if (server !== undefined) return { url: server, apiKey, close: async () => {} };
  const url =
    (config.databaseUrl === undefined ? await findRunningServer(config.dataDir, signal) : undefined) ??
    (await findAnnouncedServer(config.dataDir));
  if (url !== undefined) return { url, apiKey, close: async () => {} };
  if (config.databaseUrl === undefined && !existsSync(join(config.dataDir, 'postgres')))
    process.stderr.write(`No server runs on ${config.dataDir}, and there is no data yet: starting empty.\n`);
  return startInProcess(config, signal);
}

/** The address of the server on this data folder; waits while it is starting; undefined when there is none. */
async function findRunningServer(dataDir: string, signal: AbortSignal): Promise<string | undefined> {
  const deadline = performance.now() + STARTING_MS;
  let holder: LockHolder | undefined;
  do {
    holder = findLockHolder(dataDir);
    if (!holder) return undefined;
    if (holder.url !== null) return holder.url;
    await sleep(STARTING_POLL_MS, undefined, { signal });
  } while (performance.now() < deadline);
  throw new StartError(
    `The data folder ${dataDir} is in use by process ${holder.pid} on ${holder.host}, which serves no one. Wait for its end or stop it.`,
  );
}

/** A server on a native database locks no folder, but it has announced itself in it; undefined when it is gone. */
async function findAnnouncedServer(dataDir: string): Promise<string | undefined> {
  const url = readAnnouncement(dataDir)?.url;
  if (!url) return undefined;
  try {
    const response = await fetch(`${url}/api/health/`, { signal: AbortSignal.timeout(PROBE_MS) });
    return health.safeParse(await response.json()).success ? url : undefined;
  } catch {
    return undefined;
  }
}

async function startInProcess(config: Config, signal: AbortSignal): Promise<Connection> {
  const hideStatus = showStatus('Starting Lectern …');
  let app: App | undefined;
  try {
    // Whoever has the data has no need to sign in; nobody else on this machine knows the token.
    const ownerToken = randomBytes(32).toString('base64url');
    app = await createQuietApp(config, ownerToken);
    signal.throwIfAborted();
    const { close } = app;
    return { url: await app.listen(), apiKey: ownerToken, close };
  } catch (error) {
    await app?.close();
    throw error;
  } finally {
    hideStatus();
  }
}

async function createQuietApp(config: Config, ownerToken: string): Promise<App> {
  // Loaded when needed: a command that finds a running server starts faster without.
  const { createApp } = await import('../server/app.ts');
  const logger = await createQuietLogger(config);
  return createApp(
    // Nobody but this command waits for its answers, so none is drained.
    { ...config, host: '127.0.0.1', port: 0, drainSeconds: 0 },
    { logger, onDatabaseLost: endWithoutDatabase, ownerToken },
  );
}

/** The embedded database ended by itself: nothing can go on. */
export function endWithoutDatabase(error: Error): never {
  printError(`The database is lost: ${error.message}.`);
  process.exit(1);
}

/** A line on the terminal for as long as something takes; returns what removes it. */
function showStatus(text: string): () => void {
  if (!process.stderr.isTTY) return () => {};
  process.stderr.write(text);
  return () => void process.stderr.write('\r\u001b[K');
}
