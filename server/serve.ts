import { createApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { StartError } from './errors.ts';
import { createLogger, type Logger } from './logger.ts';
import { releaseMemory } from './release-memory.ts';

/**
 * Runs the server until SIGINT or SIGTERM.
 *
 * @returns the exit code: 0 after a signal, 1 when it could not start or the database was lost.
 */
export async function serve(): Promise<number> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    return reportStartError(error);
  }
  const logger = createLogger({ level: config.logLevel, readable: config.debug || process.stdout.isTTY });
  const { promise: ending, resolve: end } = Promise.withResolvers<number>();
  try {
    const app = await createApp(config, {
      logger,
      onDatabaseLost: error => {
        logger.fatal({ err: error }, 'the database is lost');
        end(1);
      },
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        logger.info({ signal }, 'stopping');
        end(0);
      });
    const url = await app.listen();
    announce(logger, config, { url, languageModel: app.languageModel });
    releaseMemory();
    const code = await ending;
    await app.close();
    return code;
  } catch (error) {
    return reportStartError(error);
  }
}

function announce(logger: Logger, config: Config, { url, languageModel }: { url: string; languageModel: string | null }) {
  logger.info(
    {
      url,
      answers: languageModel === null ? 'quoted from the documents' : `written by ${languageModel}`,
      data: config.dataDir,
    },
    'Lectern is ready',
  );
  if (config.databaseUrl === undefined)
    logger.info('The embedded database survives a crash of this program, but not a power cut: keep backups.');
}

function reportStartError(error: unknown): number {
  const text = error instanceof StartError ? error.message : error;
  process.stderr.write(`Lectern can't start.\n${text instanceof Error ? (text.stack ?? text.message) : text}\n`);
  return 1;
}
