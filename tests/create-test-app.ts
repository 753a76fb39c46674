import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../server/app.ts';
import { readConfig } from '../server/config.ts';
import { type Db, openDatabase } from '../server/database/open-database.ts';
import { type Page, providePage } from '../server/page/provide-page.ts';
import { CapturedLog, secretsOf } from './captured-log.ts';
import { copyEmbeddedCluster } from './database-templates/embedded-template.ts';
import { createNativeDatabase } from './database-templates/native-database.ts';

export type TestAppOptions = {
  /** The base URL of a fake language model; without one answers are quotes. */
  languageModelUrl?: string;
  /** Serves the web page as well, or what is given in its place. */
  withPage?: boolean | Page;
  env?: Record<string, string>;
};

export type TestApp = {
  baseUrl: string;
  dataDir: string;
  log: CapturedLog;
  /** A request to a path of the server. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Stops the server; what it stored stays until `close`. */
  stop(): Promise<void>;
  /** Starts the server again on what it had stored. */
  restart(): Promise<void>;
  /** Stops the server, then looks at what it has stored. */
  inspect<T>(look: (db: Db) => Promise<T>): Promise<T>;
  /** Stops the server and removes all that it stored. */
  close(): Promise<void>;
};

/** Where a test's data lies: a folder, and a database of its own when `serverUrl` names a native server. */
export async function createTestStorage(serverUrl: string | undefined) {
  const dataDir = await mkdtemp(join(tmpdir(), 'lectern-test-'));
  const native = serverUrl ? await createNativeDatabase(serverUrl) : undefined;
  if (!native) await copyEmbeddedCluster(dataDir);
  const env = { LECTERN_DATA_DIR: dataDir, PORT: '0', ...(native && { DATABASE_URL: native.url }) };
  return {
    dataDir,
    env,
    databaseUrl: native?.url,
    async remove() {
      await native?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The real app on a free port with an empty database: embedded, or on the native server at `serverUrl`. */
export async function createTestApp(
  serverUrl: string | undefined,
  options: TestAppOptions = {},
): Promise<TestApp> {
  const log = new CapturedLog();
  const { logger } = log;
  const storage = await createTestStorage(serverUrl);
  const env = {
    EMBEDDING_WORKERS: '1',
    DRAIN_SECONDS: '2',
    SESSION_TITLES: 'question',
    ...modelEnv(options),
    ...storage.env,
    ...options.env,
  };
  const config = readConfig(env, { envFile: '' });
  log.keepSecret(secretsOf(env));
  const onLost = (error: Error) => logger.fatal({ err: error }, 'the database is lost');
  let app: App | undefined;
  const stop = async () => {
    const running = app;
    app = undefined;
    await running?.close();
  };
  const testApp: TestApp = {
    baseUrl: '',
    dataDir: storage.dataDir,
    log,
    fetch: (path, init) => fetch(`${testApp.baseUrl}${path}`, init),
    stop,
    async restart() {
      await stop();
      const { withPage = false } = options;
      const page = withPage === true ? providePage({ dataDir: config.dataDir, logger }) : withPage;
      app = await createApp(config, { logger, onDatabaseLost: onLost, ...(page && { page }) });
      testApp.baseUrl = await app.listen();
      log.keepSecret(await readSecretKey(config.dataDir));
    },
    async inspect(look) {
      await stop();
      const { dataDir, databaseUrl } = config;
      const database = await openDatabase({ dataDir, databaseUrl, logger, onLost });
      try {
        return await look(database.db);
      } finally {
        await database.close();
      }
    },
    async close() {
      await stop();
      await storage.remove();
    },
  };
  await testApp.restart().catch(async error => {
    await storage.remove();
    throw error;
  });
  return testApp;
}

/** The one that the server has made; none when it was given one. */
async function readSecretKey(dataDir: string): Promise<string[]> {
  const key = await readFile(join(dataDir, 'secret-key'), 'utf8').catch(() => '');
  return key.trim() === '' ? [] : [key.trim()];
}

function modelEnv({ languageModelUrl }: TestAppOptions): Record<string, string> {
  if (languageModelUrl === undefined) return {};
  assert.ok(languageModelUrl.endsWith('/v1'));
  return { LLM_BASE_URL: languageModelUrl, LLM_MODEL: 'fake-model', LLM_API_KEY: API_KEY };
}

/** Must never stand in a log (CapturedLog looks for it). */
export const API_KEY = 'sk-test-SECRET-0123456789';
