/**
 * Run by `npm ci`: does beforehand what the first start would make people wait for. The cluster of the embedded database
 * with its tables, the page, and what V8 makes of the server's modules are kept (docs/decisions/0038-first-start.md).
 * Where this fails, or is left out, the first start does it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limitGarbage, setV8Flags } from '../server/v8-flags.ts';

// What is compiled under other flags than the server's would be compiled again.
setV8Flags();
const { createLogger } = await import('../server/logger.ts');
const { readConfig } = await import('../server/config.ts');
const { providePage } = await import('../server/page/provide-page.ts');
const { openDatabase } = await import('../server/database/open-database.ts');
const { keepClusterTemplate } = await import('../server/database/embedded/cluster-template.ts');
const { createApp } = await import('../server/app.ts');

const logger = createLogger({ level: 'error', readable: true });
const onDatabaseLost = (error: Error) => {
  throw error;
};
const dataDir = await mkdtemp(join(tmpdir(), 'lectern-install-'));
const page = providePage({ dataDir, logger });
try {
  const building = page.prepare();
  await keepClusterTemplate(async folder => {
    const database = await openDatabase({
      dataDir: folder,
      databaseUrl: undefined,
      logger,
      onLost: onDatabaseLost,
    });
    await database.close();
  });
  // No settings of anybody's: nothing is asked of another machine, and nothing listens.
  const config = readConfig({ LECTERN_DATA_DIR: dataDir }, { envFile: '' });
  const app = await createApp(config, { logger, onDatabaseLost });
  // The server loads it a second after it listens.
  limitGarbage();
  await import('../server/chat/answering/answer-graph.ts');
  await app.close();
  await building;
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The first start could not be prepared: ${reason}\n`);
  process.exitCode = 1;
} finally {
  await page.close();
  await rm(dataDir, { recursive: true, force: true });
}
