import type { App } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { StartError } from './errors.ts';
import { createLogger, type Logger } from './logger.ts';
import { startTracing } from './observing/start-tracing.ts';
import { providePage } from './page/provide-page.ts';
import { askForAdmin } from './processes/ask-for-admin.ts';
import { joinSupervisor, type Membership } from './processes/join-supervisor.ts';
import { superviseProcesses } from './processes/supervise-processes.ts';
import { releaseMemorySoon } from './release-memory.ts';
import { limitGarbage, setV8Flags } from './v8-flags.ts';

type Options = {
  /** So many that share the port, each replaced when it dies; this process alone when undefined. */
  processes?: number | undefined;
};

/**
 * Runs the server until SIGINT or SIGTERM.
 *
 * @returns the exit code: 0 after a signal, 1 when it could not start.
 */
export async function serve({ processes }: Options = {}): Promise<number> {
  setV8Flags();
  try {
    const config = readConfig();
    const logger = createLogger({ level: config.logLevel, readable: config.debug || process.stdout.isTTY });
    if (processes === undefined) await serveAlone(config, logger, joinSupervisor());
    else await superviseProcesses(config, processes, logger);
    return 0;
  } catch (error) {
    return reportStartError(error);
  }
}

/** @param membership when this is one of several processes. */
async function serveAlone(config: Config, logger: Logger, membership: Membership | undefined): Promise<void> {
  const tracing = config.otelExporterOtlpEndpoint === undefined ? undefined : await startTracing(config);
  const page = providePage({ dataDir: config.dataDir, logger, builds: !membership });
  try {
    // Whoever only supervises others does without what these load.
    const { openParts } = await import('./wiring/open-parts.ts');
    const onDatabaseLost = (error: Error) => dieWithoutDatabase(logger, error);
    const { promise: started, resolve: onStart } = Promise.withResolvers<void>();
    const parts = openParts(config, { logger, onDatabaseLost, onStart });
    // While they start in threads of their own, the rest is loaded, which lets nothing else run in this one.
    await Promise.race([started, parts]);
    const { createApp } = await import('./app.ts');
    const app = await createApp(config, {
      logger,
      onDatabaseLost,
      parts,
      page,
      ...(membership && { owner: membership.owner, sharesPort: true, siblings: membership.metrics }),
    });
    const url = await listenOrClose(app);
    limitGarbage();
    const release = (dead: string) =>
      app
        .releaseDead(dead)
        .catch(error => logger.warn({ err: error }, 'what a dead process had in hand waits for its leases'));
    membership?.ready(url, release);
    announce(logger, config, { url, languageModel: app.languageModel });
    if (config.tlsCert && !membership) reloadOnHangup(app, logger);
    // Several processes have one link: their supervisor shows it.
    if (!membership) askForAdmin(config, app.setUpLinks);
    releaseMemorySoon();
    logger.info({ signal: await firstSignal() }, 'stopping');
    membership?.draining(app.drainMs);
    await app.close();
    await tracing?.close();
  } catch (error) {
    await page.close();
    throw error;
  }
}

/** As Certbot and other renewers tell it; a certificate that can't be used leaves the one before in place. */
function reloadOnHangup(app: App, logger: Logger): void {
  process.on('SIGHUP', async () => {
    try {
      await app.reloadCertificate();
      logger.info('the certificate was read again');
    } catch (error) {
      logger.error({ err: error }, 'the certificate could not be read again; the one before stays');
    }
  });
}

async function listenOrClose(app: App): Promise<string> {
  try {
    return await app.listen();
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** A second signal while the first is being obeyed ends the process at once, as signals do. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}

/** Nothing can be saved any more, and everything that was acknowledged is: the next start goes on from there. */
function dieWithoutDatabase(logger: Logger, error: Error): never {
  logger.fatal({ err: error }, 'the embedded database ended');
  process.exit(1);
}

function announce(
  logger: Logger,
  config: Config,
  { url, languageModel }: { url: string; languageModel: string | null },
) {
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
  process.stderr.write(
    `Lectern can't start.\n${text instanceof Error ? (text.stack ?? text.message) : text}\n`,
  );
  return 1;
}
