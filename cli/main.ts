/** Composes the `lectern` command. */
import { Command } from 'commander';
import { version } from '../server/version.ts';
import { addCreateAdminCommand } from './accounts/create-admin-command.ts';
import { addAskCommand } from './ask-command.ts';
import { addBackupCommand } from './backup/backup-command.ts';
import { addMoveCommand } from './backup/move-command.ts';
import { addRestoreCommand } from './backup/restore-command.ts';
import { addCheckCommand } from './deploy-check/check-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addEvaluateCommand } from './evaluate-command.ts';
import { addIngestCommand } from './ingest-command.ts';
import { abortOnInterruption } from './interruption.ts';
import { addMigrateCommand } from './migrate-command.ts';
import { runProgram } from './run-program.ts';
import { addServeCommand } from './serve-command.ts';

const signal = abortOnInterruption();

const program = new Command('lectern')
  .description('Answers from your documents, and proves it.')
  .version(version, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .helpCommand('help [command]', 'print the help of a command')
  .exitOverride()
  .showHelpAfterError('(--help tells what can be given)')
  .addHelpText(
    'after',
    `
Examples:
  $ lectern ingest samples
  $ lectern ask "How long is the warranty on the battery?"

Settings come from the environment and from .env: docs/configuration.md lists them.`,
  );

addServeCommand(program);
addMigrateCommand(program, signal);
addCreateAdminCommand(program, signal);
addIngestCommand(program, signal);
addAskCommand(program, signal);
addDoctorCommand(program, signal);
addEvaluateCommand(program, signal);
addBackupCommand(program, signal);
addRestoreCommand(program, signal);
addMoveCommand(program, signal);
addCheckCommand(program);

// Not process.exitCode: what a failed start may have left open must not keep a finished command alive.
process.exit(await runProgram(program, signal));
