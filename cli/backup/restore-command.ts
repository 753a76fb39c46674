import type { Command } from 'commander';
import type { BackupContent } from '../../server/backup/read-backup.ts';
import type { RestoreReport } from '../../server/backup/restoring/restore-database.ts';
import { readConfig } from '../../server/config.ts';
import { endWithoutDatabase } from '../connect.ts';
import { ProgressLine } from '../progress-line.ts';
import { openSampleParts } from './open-sample-parts.ts';

type Options = { replace?: boolean; skipQuestions?: boolean; check?: boolean };

export function addRestoreCommand(program: Command, signal: AbortSignal): void {
  program
    .command('restore')
    .description('put a backup into the empty database of the settings')
    .argument('<file>', 'what lectern backup has saved')
    .option('--replace', 'restore in place of what the database holds')
    .option('--skip-questions', 'do not ask the sample questions of the backup')
    .option('--check', 'only read the whole file and say what is in it')
    .addHelpText(
      'after',
      `
Reads the whole file first: one that is cut, changed or no backup changes nothing. Everything is restored and compared
with the backup, and its sample questions must find the same passages; otherwise nothing is changed either. No server
may run on the database meanwhile. A backup of an older Lectern is brought up to date.

Examples:
  $ lectern restore lectern.backup --check
  $ LECTERN_DATA_DIR=/srv/lectern lectern restore lectern.backup
  $ DATABASE_URL=postgresql://lectern@db.example.com/lectern lectern restore lectern.backup --replace

Exit codes: 0 restored, 1 nothing was changed, 2 wrong usage.`,
    )
    .action(async (path: string, { replace = false, skipQuestions = false, check = false }: Options) => {
      const { checkBackup } = await import('../../server/backup/read-backup.ts');
      const content = await checkBackup(path);
      signal.throwIfAborted();
      if (check) return void process.stdout.write(describe(content));
      const report = await restore(path, content, { replace, skipQuestions });
      process.stdout.write(describeRestored(report));
    });
}

/** Where the settings say. */
async function restore(
  path: string,
  content: BackupContent,
  { replace, skipQuestions }: { replace: boolean; skipQuestions: boolean },
): Promise<RestoreReport> {
  const config = readConfig();
  const progress = new ProgressLine();
  const samples = skipQuestions ? undefined : await openSampleParts(config);
  const options = {
    path,
    content,
    replace,
    samples: samples?.parts,
    onProgress: (rows: number, all: number) => progress.show('restoring', rows, all),
  };
  try {
    if (config.databaseUrl !== undefined) {
      const { restoreNative } = await import('../../server/backup/restoring/restore-native.ts');
      return await restoreNative(config.databaseUrl, options);
    }
    const { restoreEmbedded } = await import('../../server/backup/restoring/restore-embedded.ts');
    return await restoreEmbedded(config.dataDir, { ...options, onDatabaseLost: endWithoutDatabase });
  } finally {
    progress.clear();
    await samples?.close();
  }
}

export function describeRestored({ rows, tables, questions }: RestoreReport): string {
  const asked =
    questions > 0
      ? `${questions} sample questions find the same passages.`
      : 'No sample question could be compared.';
  return `restored ${rows} rows of ${tables} tables, all as they were. ${asked}\n`;
}

function describe({ header, manifest }: BackupContent): string {
  const counts = manifest.tables
    .filter(({ rows }) => rows > 0)
    .map(({ name, rows }) => `  ${name.padEnd(24)} ${rows}`);
  return [
    `A whole backup, made ${header.created_at} by Lectern ${header.lectern} from the ${header.database_kind} database.`,
    `${manifest.samples.length} sample questions. Rows:`,
    ...counts,
    '',
  ].join('\n');
}
