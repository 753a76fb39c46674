import type { Command } from 'commander';
import type { DoctorReport } from '../contract/doctor.ts';
import { ApiClient } from './api-client.ts';
import { connect } from './connect.ts';
import { serverOption } from './server-option.ts';

type Options = { server?: string; repair?: boolean; json?: boolean };

export function addDoctorCommand(program: Command, signal: AbortSignal): void {
  program
    .command('doctor')
    .description('look through the whole database for what should not be')
    .option('--repair', 'mend what can be mended')
    .option('--json', 'print the report as JSON')
    .addOption(serverOption())
    .addHelpText(
      'after',
      `
Looks for orphaned rows, stuck jobs and leases, missing texts, passages and vectors. After a change of the
embedding model, --repair embeds the documents that were embedded by another.

Examples:
  $ lectern doctor
  $ lectern doctor --repair

Exit codes: 0 nothing is wrong (any more), 1 something is, 2 wrong usage.`,
    )
    .action(async ({ server, repair = false, json = false }: Options) => {
      const connection = await connect(server, signal);
      try {
        const report = await new ApiClient(connection, signal).checkDatabase(repair);
        process.stdout.write(
          json ? `${JSON.stringify(report, undefined, 2)}\n` : formatReport(report, { repair }),
        );
        if (!report.healthy) process.exitCode = 1;
      } finally {
        await connection.close();
      }
    });
}

/** One line per check, and under it what was found. */
function formatReport({ healthy, checks }: DoctorReport, { repair }: { repair: boolean }): string {
  const lines = checks.flatMap(({ name, meaning, found, findings, repaired }) => {
    if (found === 0) return [`ok       ${name}`];
    const sign = repaired === found ? 'repaired' : 'PROBLEM ';
    const told = findings.map(
      ({ document_id, detail }) =>
        `           ${document_id === null ? '' : `document ${document_id}: `}${detail}`,
    );
    const more = found > findings.length ? [`           … and ${found - findings.length} more`] : [];
    return [`${sign} ${name}: ${found}. ${meaning}`, ...told, ...more];
  });
  const advice = repair
    ? 'What is left can’t be mended from here: the lines above say what to do.'
    : 'Something is wrong: lectern doctor --repair mends what can be mended.';
  const last = healthy ? 'The database is in order.' : advice;
  return `${[...lines, last].join('\n')}\n`;
}
