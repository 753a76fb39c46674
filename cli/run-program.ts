import { type Command, CommanderError } from 'commander';
import { BackupFileError } from '../server/backup/read-backup.ts';
import { RestoreError } from '../server/backup/restoring/restore-error.ts';
import { StartError } from '../server/errors.ts';
import { ApiError, ServerAwayError } from './api-errors.ts';
import { Interruption } from './interruption.ts';
import { printError } from './terminal.ts';

/** As in most Unix commands; 1 is for what went wrong in the doing. */
const USAGE_ERROR = 2;

/**
 * Runs the command that the arguments name.
 *
 * @returns the exit code of the process.
 */
export async function runProgram(program: Command, signal: AbortSignal): Promise<number> {
  try {
    await program.parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportError(signal.aborted ? signal.reason : error);
  }
}

function reportError(error: unknown): number {
  if (error instanceof Interruption) return error.exitCode;
  // Commander has printed its message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
  printError(messageOf(error));
  return 1;
}

const sentences = [StartError, ApiError, ServerAwayError, BackupFileError, RestoreError];

/** A sentence for what can be expected to go wrong; the stack for what can't. */
function messageOf(error: unknown): string {
  if (sentences.some(kind => error instanceof kind) && error instanceof Error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
