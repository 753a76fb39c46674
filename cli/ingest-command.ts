import { realpath, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { ApiClient } from './api-client.ts';
import { connect } from './connect.ts';
import { findFiles } from './ingest/find-files.ts';
import { ingestFiles } from './ingest/ingest-files.ts';
import { IngestReport } from './ingest/ingest-report.ts';
import { Interruption } from './interruption.ts';
import { serverOption } from './server-option.ts';
import { FolderSync } from './sync/folder-sync.ts';
import { News } from './sync/news.ts';
import { watchFolder } from './sync/watch-folder.ts';
import { WatchReport } from './sync/watch-report.ts';

type Options = { server?: string; exclude: string[]; watch?: true };

/** Longer than an editor or a copy pauses while it writes a file. */
const SETTLE_MS = 1_000;

export function addIngestCommand(program: Command, signal: AbortSignal): void {
  const command = program
    .command('ingest')
    .description('make documents answerable: files, and folders with all that is below them')
    .argument('<path...>', 'files and folders')
    .option('--exclude <pattern>', 'leave out what matches, as in a .gitignore; can be repeated', collect, [])
    .option('--watch', 'keep the server in step with one folder: deletes the documents of deleted files')
    .addOption(serverOption())
    .addHelpText(
      'after',
      `
Files that the server has already are not sent again, so a command that was cut short can be repeated.
Below a folder, hidden files, node_modules and what a .gitignore or .lecternignore there names are left out,
and so are links to folders and links to files outside of the folder; name these to send them.

Without --watch nothing is deleted on the server. With it, a document that came from the folder is replaced when
its file changes, keeps its place when its file is renamed, and is DELETED when its file is deleted or is left
out from now on; not when the folder as a whole is away or empty. Ctrl-C ends it.

Examples:
  $ lectern ingest samples
  $ lectern ingest notes.md ~/manuals --exclude '*.csv' --server http://127.0.0.1:8001
  $ lectern ingest ~/manuals --watch

Exit codes: 0 all is there, 1 something failed, 2 wrong usage.`,
    )
    .action(async (paths: string[], options: Options) => {
      const isWhole = options.watch
        ? await watchOne(await findRoot(command, paths), options, signal)
        : await ingestAll(paths, options, signal);
      if (!isWhole) process.exitCode = 1;
    });
}

/** @returns whether all went well. */
async function ingestAll(
  paths: string[],
  { server, exclude }: Options,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await findFiles(paths, exclude);
  // With nothing to send there is no need for a server.
  const connection = found.files.length > 0 ? await connect(server, signal) : undefined;
  const report = new IngestReport(found);
  try {
    if (connection) await ingestFiles(connection, found.files, { signal, watcher: report });
  } finally {
    report.finish();
    await connection?.close();
  }
  return !report.failed;
}

/** @returns whether the server was in step with the folder at the end. */
async function watchOne(root: string, { server, exclude }: Options, signal: AbortSignal): Promise<boolean> {
  const connection = await connect(server, signal);
  const report = new WatchReport(root);
  const news = new News();
  const client = new ApiClient(connection, signal);
  const hasNews = () => news.isThere;
  const sync = new FolderSync({
    client,
    root,
    exclude,
    signal,
    watcher: report,
    settleMs: SETTLE_MS,
    hasNews,
  });
  try {
    await watchFolder(sync, { root, news, signal, watcher: report });
  } catch (error) {
    // The usual end of watching.
    if (!(signal.reason instanceof Interruption)) throw error;
  } finally {
    report.finish();
    await connection.close();
  }
  return report.isWhole;
}

/** Without links: sources must not depend on the way to the folder. */
async function findRoot(command: Command, paths: string[]): Promise<string> {
  const [path = '', ...others] = paths;
  if (others.length > 0) command.error('error: --watch takes one folder.');
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isDirectory()) command.error(`error: There is no folder ${path} to watch.`);
  return realpath(path);
}

function collect(pattern: string, before: string[]): string[] {
  return [...before, pattern];
}
