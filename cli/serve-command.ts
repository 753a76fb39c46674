import { type Command, InvalidArgumentError } from 'commander';

const MOST_PROCESSES = 256;

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the server until Ctrl-C (the same as npm start)')
    .option(
      '--processes <number>',
      'so many processes that share the port; needs a native PostgreSQL. SIGHUP restarts one after the other',
      readCount,
    )
    .addHelpText(
      'after',
      `
Examples:
  $ PORT=8002 lectern serve
  $ DATABASE_URL=postgres://… lectern serve --processes 4`,
    )
    .action(async ({ processes }: { processes?: number }) => {
      // It restarts the processes then; the other commands end.
      if (processes !== undefined) process.removeAllListeners('SIGHUP');
      // Loaded when needed: the other commands start faster without the server.
      const { serve } = await import('../server/serve.ts');
      process.exitCode = await serve({ processes });
    });
}

function readCount(given: string): number {
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1 || count > MOST_PROCESSES)
    throw new InvalidArgumentError(`It must be a number from 1 to ${MOST_PROCESSES}.`);
  return count;
}
