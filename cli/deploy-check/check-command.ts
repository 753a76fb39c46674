import type { Command } from 'commander';
import { readConfig } from '../../server/config.ts';
import type { Finding } from './checklist.ts';

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('check the settings; with --deploy go through the list for production')
    .option('--deploy', 'whether this is fit for others: keys, hosts, HTTPS, database, limits, backups …')
    .addHelpText(
      'after',
      `
Looks and changes nothing. docs/production.md says more about each point.

Examples:
  $ lectern check
  $ lectern check --deploy

Exit codes: 0 nothing must be done, 1 something must, 2 wrong usage.`,
    )
    .action(async ({ deploy = false }: { deploy?: boolean }) => {
      const config = readConfig();
      if (!deploy) return void process.stdout.write('The settings are in order.\n');
      const { gatherFacts } = await import('./facts.ts');
      const { goThrough } = await import('./checklist.ts');
      const findings = goThrough(config, await gatherFacts(config));
      process.stdout.write(format(findings));
      if (findings.some(({ verdict }) => verdict === 'must')) process.exitCode = 1;
    });
}

const signs = { ok: 'ok    ', should: 'should', must: 'MUST  ' };

function format(findings: Finding[]): string {
  const lines = findings.map(({ name, verdict, text }) => `${signs[verdict]} ${name.padEnd(21)} ${text}`);
  const open = findings.filter(({ verdict }) => verdict === 'must').length;
  const last = open === 0 ? 'Nothing must be done.' : `${open} of ${findings.length} must be done.`;
  return `${[...lines, last].join('\n')}\n`;
}
