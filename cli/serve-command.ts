import type { Command } from 'commander';

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the server until Ctrl-C (the same as npm start)')
    .addHelpText(
      'after',
      `
Example:
  $ PORT=8002 lectern serve`,
    )
    .action(async () => {
      // Loaded when needed: the other commands start faster without the server.
      const { serve } = await import('../server/serve.ts');
      process.exitCode = await serve();
    });
}
