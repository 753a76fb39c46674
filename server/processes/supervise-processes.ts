import { resolve } from 'node:path';
import { readSetUpLink, setUpLinks } from '../accounts/links/set-up-file.ts';
import type { Config } from '../config.ts';
import { announceServer, withdrawServer } from '../database/data-folder-lock.ts';
import { StartError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { providePage } from '../page/provide-page.ts';
import { askForAdmin } from './ask-for-admin.ts';
import { ProcessSupervisor } from './process-supervisor.ts';

const main = resolve(import.meta.dirname, '../main.ts');
/** As `npm start` has it (docs/decisions/0012-memory.md). */
const memoryFlag = '--max-semi-space-size=8';
const memoryEnv = { MALLOC_TRIM_THRESHOLD_: '131072' };

/**
 * Runs the server in so many processes on one port until SIGINT or SIGTERM; SIGHUP replaces one after the other.
 *
 * @throws StartError when they can't serve.
 */
export async function superviseProcesses(config: Config, count: number, logger: Logger): Promise<void> {
  if (config.databaseUrl === undefined)
    throw new StartError(
      `--processes ${count}: several processes need a native PostgreSQL, because the embedded database belongs to one. Set DATABASE_URL, or leave --processes out.`,
    );
  const { dataDir } = config;
  const supervisor = new ProcessSupervisor({
    count,
    program: { exec: main, execArgv: [...process.execArgv, memoryFlag] },
    envOf: place => ({ ...memoryEnv, ...shareOf(config, place, count) }),
    drainMs: 1000 * config.drainSeconds,
    logger,
  });
  const stopped = firstSignal();
  process.on('SIGHUP', () => void supervisor.restartAll());
  // The one that builds it for all of them.
  const page = providePage({ dataDir, logger });
  try {
    const url = await Promise.race([supervisor.start(), stopped.then(() => undefined)]);
    if (url !== undefined) {
      announce(dataDir, url, logger);
      if (config.role !== 'worker') page.prepare();
      logger.info({ processes: count, listensOn: url }, 'all processes are ready');
      // All processes wait for the same one.
      const link = readSetUpLink(dataDir);
      if (link !== undefined) askForAdmin(config, setUpLinks(link, config.publicUrl));
      logger.info({ signal: await stopped }, 'stopping all processes');
    }
  } finally {
    await supervisor.stop();
    await page.close();
    withdrawServer(dataDir);
  }
}

/**
 * The first one has the documents to itself, so that no more of them are processed at once than the settings say; the
 * others share what memory embedding takes.
 */
function shareOf({ role, embeddingWorkers }: Config, place: number, count: number): Record<string, string> {
  if (role !== 'all' || place === 1) return {};
  return {
    LECTERN_ROLE: 'api',
    EMBEDDING_WORKERS: String(Math.max(1, Math.floor(embeddingWorkers / count))),
  };
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}

function announce(dataDir: string, url: string, logger: Logger): void {
  try {
    announceServer(dataDir, url);
  } catch (error) {
    logger.warn({ err: error }, 'the command line will not find this server by itself');
  }
}
