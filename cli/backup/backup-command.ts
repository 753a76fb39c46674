import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { BackupFileError } from '../../server/backup/read-backup.ts';
import { saveBackup } from '../../server/backup/save-backup.ts';
import { ApiClient } from '../api-client.ts';
import { ServerAwayError } from '../api-errors.ts';
import { connect } from '../connect.ts';
import { serverOption } from '../server-option.ts';

export function addBackupCommand(program: Command, signal: AbortSignal): void {
  const command = program
    .command('backup')
    .description('save everything that is stored in one file, also while the server runs')
    .argument('<file>', 'the file to write; it must not exist')
    .addOption(serverOption())
    .addHelpText(
      'after',
      `
Documents with their files, passages and vectors, chats and settings, as they are at one moment: nobody has to stop
working. The file is checked by lectern restore, which reads it into either database. It holds everything that is
stored: keep it where only you can read it.

Examples:
  $ lectern backup lectern.backup
  $ lectern backup /mnt/backups/$(date +%F).backup --server http://127.0.0.1:8001

Exit codes: 0 saved, 1 something failed and no file was left, 2 wrong usage.`,
    );
  command.action(async (path: string, { server }: { server?: string }) => {
    if (existsSync(path)) command.error(`error: ${path} is there already.`);
    const connection = await connect(server, signal);
    try {
      const client = new ApiClient(connection, signal);
      const bytes = await saveBackup(() => client.downloadBackup(), path, { signal });
      process.stdout.write(`saved ${path} (${(bytes / 1e6).toFixed(1)} MB)\n`);
    } catch (error) {
      signal.throwIfAborted();
      throw explain(error);
    } finally {
      await connection.close();
    }
  });
}

/** What is no error of the API has to do with the connection or with the file. */
function explain(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  if (error instanceof TypeError && error.message === 'terminated')
    return new ServerAwayError('The server broke the backup off; its log says why. No file was left.', {
      cause,
    });
  if (error instanceof Error && 'syscall' in error)
    return new BackupFileError(`The backup can’t be saved: ${error.message}.`, { cause: error });
  return error;
}
