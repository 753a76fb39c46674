/**
 * Lectern's server, which ends itself with SIGKILL at a named point of an ingestion. Arguments: the point and
 * how often it must be passed until then. Messages of the parent process, `{step, pass}`, name another one.
 */
import { createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { IngestionStep } from '../../server/documents/ingestion/ingestion-steps.ts';
import { createLogger } from '../../server/logger.ts';

const [step, pass] = process.argv.slice(2);
let next = { step, pass: Number(pass) };
process.on('message', (wanted: typeof next) => {
  next = wanted;
  process.send?.('armed');
});
// A test that ends before its time leaves no server behind.
process.on('disconnect', () => process.exit(1));

function onIngestionStep(passed: IngestionStep): void {
  if (passed !== next.step) return;
  next.pass -= 1;
  if (next.pass === 0) process.kill(process.pid, 'SIGKILL');
}

const config = readConfig();
const logger = createLogger({ level: config.logLevel, readable: false });
const app = await createApp(config, {
  logger,
  onIngestionStep,
  onDatabaseLost: error => {
    logger.fatal({ err: error }, 'the embedded database ended');
    process.exit(1);
  },
});
process.once('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});
logger.info({ url: await app.listen() }, 'Lectern is ready');
