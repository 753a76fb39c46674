import type { Command } from 'commander';
import { connect } from './connect.ts';
import { findFiles } from './find-files.ts';
import { ingestFiles } from './ingest-files.ts';
import { IngestReport } from './ingest-report.ts';
import { serverOption } from './server-option.ts';

export function addIngestCommand(program: Command, signal: AbortSignal): void {
  program
    .command('ingest')
    .description('make documents answerable: files, and folders with all that is below them')
    .argument('<path...>', 'text files (.txt, UTF-8) and folders')
    .addOption(serverOption())
    .addHelpText(
      'after',
      `
Files that the server has already are not sent again, so a command that was cut short can be repeated.

Examples:
  $ lectern ingest samples
  $ lectern ingest notes.txt ~/manuals --server http://127.0.0.1:8001

Exit codes: 0 all is there, 1 something failed, 2 wrong usage.`,
    )
    .action(async (paths: string[], { server }: { server?: string }) => {
      const found = await findFiles(paths);
      // With nothing to send there is no need for a server.
      const connection = found.files.length > 0 ? await connect(server, signal) : undefined;
      const report = new IngestReport(found);
      try {
        if (connection) await ingestFiles(connection.url, found.files, { signal, watcher: report });
      } finally {
        report.finish();
        await connection?.close();
      }
      if (report.failed) process.exitCode = 1;
    });
}
