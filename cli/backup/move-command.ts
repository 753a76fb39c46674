import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { RestoreReport } from '../../server/backup/restoring/restore-database.ts';
import { type Config, readConfig } from '../../server/config.ts';
import { StartError } from '../../server/errors.ts';
import { endWithoutDatabase } from '../connect.ts';
import { ProgressLine } from '../progress-line.ts';
import { createQuietLogger } from '../quiet-logger.ts';
import { openSampleParts } from './open-sample-parts.ts';
import { describeRestored } from './restore-command.ts';

export function addMoveCommand(program: Command, signal: AbortSignal): void {
  program
    .command('migrate-to')
    .description('move everything from the embedded database to a native PostgreSQL')
    .argument('<url>', 'the empty database to move to, as DATABASE_URL names it', parseDatabaseUrl)
    .option('--replace', 'move in place of what that database holds')
    .addHelpText(
      'after',
      `
Stop the server first. What was moved is compared row by row, and questions must find the same passages. The embedded
database stays as it is; afterwards set DATABASE_URL and start the server again.

Example:
  $ lectern migrate-to postgresql://lectern@db.example.com/lectern

Exit codes: 0 moved, 1 nothing was changed, 2 wrong usage.`,
    )
    .action(async (url: string, { replace = false }: { replace?: boolean }) => {
      const report = await move(url, replace, readConfig(), signal);
      process.stdout.write(
        `${describeRestored(report)}Set DATABASE_URL to that address and start the server.\n`,
      );
    });
}

/** By way of a backup in the data folder, which is removed. */
async function move(
  url: string,
  replace: boolean,
  config: Config,
  signal: AbortSignal,
): Promise<RestoreReport> {
  if (config.databaseUrl !== undefined)
    throw new StartError(
      'DATABASE_URL is set: the data is in a native PostgreSQL already. lectern backup and restore move it from there.',
    );
  const { checkBackup } = await import('../../server/backup/read-backup.ts');
  const { restoreNative } = await import('../../server/backup/restoring/restore-native.ts');
  const samples = await openSampleParts(config);
  const folder = await mkdtemp(join(config.dataDir, 'moving-'));
  const path = join(folder, 'lectern.backup');
  const progress = new ProgressLine();
  const onProgress = (rows: number, all: number) => progress.show('moving', rows, all);
  try {
    await saveEmbedded(config, path, samples?.parts, signal);
    const content = await checkBackup(path);
    signal.throwIfAborted();
    return await restoreNative(url, { path, content, replace, samples: samples?.parts, onProgress });
  } finally {
    progress.clear();
    await rm(folder, { recursive: true, force: true });
    await samples?.close();
  }
}

async function saveEmbedded(
  config: Config,
  path: string,
  parts: NonNullable<Awaited<ReturnType<typeof openSampleParts>>>['parts'] | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { BackupDesk } = await import('../../server/backup/backup-desk.ts');
  const { saveBackup } = await import('../../server/backup/save-backup.ts');
  const { openDatabase } = await import('../../server/database/open-database.ts');
  const logger = await createQuietLogger(config);
  const { dataDir } = config;
  const database = await openDatabase({
    dataDir,
    databaseUrl: undefined,
    logger,
    onLost: endWithoutDatabase,
  });
  const desk = new BackupDesk(database, parts);
  try {
    await saveBackup(() => desk.open(), path, { signal });
  } finally {
    await desk.close();
    await database.close();
  }
}

function parseDatabaseUrl(given: string): string {
  if (/^postgres(ql)?:\/\//.test(given) && URL.canParse(given)) return given;
  throw new InvalidArgumentError('Expected an address that begins with postgres:// or postgresql://.');
}
