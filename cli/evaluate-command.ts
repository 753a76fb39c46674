import { open, writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ReportEntry } from '../contract/evaluation.ts';
import type { SearchMode } from '../evaluation/measuring/ask-questions.ts';
import { readConfig } from '../server/config.ts';
import { connect, endWithoutDatabase } from './connect.ts';
import { ProgressLine } from './progress-line.ts';
import { createQuietLogger } from './quiet-logger.ts';
import { serverOption } from './server-option.ts';
import { printError } from './terminal.ts';

type Options = {
  mode: SearchMode | 'all';
  own?: boolean;
  answers?: boolean;
  most?: number;
  citations?: boolean;
  server?: string;
  dataDir?: string;
  fresh?: boolean;
  json?: string;
  html?: string;
  baseline?: string;
  tolerance: number;
};

export function addEvaluateCommand(program: Command, signal: AbortSignal): void {
  const command = program
    .command('evaluate')
    .description('measure how well the right passages are found, with data sets or with your own cases')
    .argument('[dir...]', 'folders of data sets (docs/evaluation.md says what is in them)')
    .option('--answers', 'measure instead what quotes answer of questions with answers, and what is refused')
    .option('--most <questions>', 'with --answers: so many questions of each set', parseQuestions)
    .option('--own', 'ask the stored cases of the running server instead')
    .option('--citations', 'measure instead how well citations of claims are verified (docs/citations.md)')
    .addOption(
      new Option('--mode <mode>', 'how to search')
        .choices(['hybrid', 'vector', 'lexical', 'all'])
        .default('hybrid'),
    )
    .option('--json <file>', 'save the report')
    .option('--html <file>', 'save the report as a page with a plot')
    .option('--baseline <file>', 'compare with a saved report; exit code 1 when a figure has fallen')
    .option(
      '--tolerance <points>',
      'the fall allowed where the baseline has no figures by question',
      parsePoints,
      1,
    )
    .option('--data-dir <folder>', 'keep the ingested sets and all vectors here, for the next time')
    .option('--fresh', 'ingest again what --data-dir has, with the vectors kept there')
    .addOption(serverOption())
    .addHelpText(
      'after',
      `
Data sets are ingested into databases of their own, never into yours.

Examples:
  $ lectern evaluate datasets/scifact --mode all --data-dir /tmp/evaluation --json today.json
  $ lectern evaluate datasets/scifact --data-dir /tmp/evaluation --baseline today.json
  $ lectern evaluate datasets/squad2_dev --answers --data-dir /tmp/evaluation --html answers.html
  $ lectern evaluate --own
  $ lectern evaluate datasets/scifact --citations

Exit codes: 0 measured, 1 a figure has fallen or something failed, 2 wrong usage.`,
    );
  command.action(async (folders: string[], options: Options) => {
    if (options.own && options.answers) command.error('error: --own and --answers exclude each other.');
    if (options.own ? folders.length > 0 : folders.length === 0)
      command.error('error: Name folders of data sets, or give --own.');
    const measure = options.citations ? evaluateCitations : evaluate;
    for (const path of [options.json, options.html])
      if (path !== undefined) await refuseUnwritable(command, path);
    if (!(await measure(folders, options, signal))) process.exitCode = 1;
  });
}

/** @returns whether no figure has fallen. */
async function evaluate(folders: string[], options: Options, signal: AbortSignal): Promise<boolean> {
  // All that is loaded here starts no other command slower.
  const { formatTable } = await import('../evaluation/reports/format-table.ts');
  const { readReport } = await import('../evaluation/reports/read-report.ts');
  const { DataSetError } = await import('../evaluation/data-sets/data-set.ts');
  const progress = new ProgressLine();
  try {
    if (options.answers) {
      const { evaluateAnswers } = await import('./evaluate-answers.ts');
      await evaluateAnswers(folders, options, signal, progress);
      return true;
    }
    // Before the work: a wrong file name is noticed at once.
    const baseline = options.baseline === undefined ? undefined : await readReport(options.baseline);
    const entries = await measure(folders, options, signal, progress);
    progress.clear();
    process.stdout.write(`${formatTable(entries)}\n`);
    await saveReport(entries, options);
    return baseline === undefined || (await compare(entries, baseline, options.tolerance));
  } catch (error) {
    progress.clear();
    if (!(error instanceof DataSetError)) throw error;
    printError(error.message);
    return false;
  }
}

/** @returns whether the sets could be read. */
async function evaluateCitations(
  folders: string[],
  { json }: Options,
  signal: AbortSignal,
): Promise<boolean> {
  const { readCitationCases } = await import('../evaluation/citations/read-citation-cases.ts');
  const { measureCitations } = await import('../evaluation/citations/measure-citations.ts');
  const { formatCitations } = await import('../evaluation/citations/format-citations.ts');
  const { DataSetError } = await import('../evaluation/data-sets/data-set.ts');
  const { createEmbedder } = await import('../server/wiring/create-embedder.ts');
  const progress = new ProgressLine();
  const onProgress = progress.show.bind(progress);
  try {
    const sets = await Promise.all(folders.map(readCitationCases));
    const config = readConfig();
    const embedder = config.skipModelLoading ? undefined : await createEmbedder(config);
    try {
      const figures = [];
      for (const set of sets)
        figures.push(...(await measureCitations(set, { embedder, signal, onProgress })));
      progress.clear();
      process.stdout.write(`${formatCitations(figures)}\n`);
      if (json !== undefined) await writeFile(json, `${JSON.stringify(figures, undefined, 1)}\n`);
    } finally {
      await embedder?.close();
    }
    return true;
  } catch (error) {
    progress.clear();
    if (!(error instanceof DataSetError)) throw error;
    printError(error.message);
    return false;
  }
}

async function measure(
  folders: string[],
  { mode, own, server, dataDir, fresh = false }: Options,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<ReportEntry[]> {
  const { searchModes } = await import('../evaluation/measuring/ask-questions.ts');
  const modes = mode === 'all' ? [...searchModes] : [mode];
  const onProgress = progress.show.bind(progress);
  if (own) {
    const { measureOwnCases } = await import('../evaluation/measure-own-cases.ts');
    const connection = await connect(server, signal);
    try {
      return await measureOwnCases(connection, { modes, signal, onProgress });
    } finally {
      await connection.close();
    }
  }
  const { measureSets } = await import('../evaluation/measure-sets.ts');
  const config = readConfig();
  const logger = await createQuietLogger(config);
  const onDatabaseLost = endWithoutDatabase;
  return measureSets(folders, { modes, config, logger, dataDir, fresh, signal, onDatabaseLost, onProgress });
}

async function saveReport(entries: ReportEntry[], { json, html }: Options): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(entries, undefined, 1)}\n`);
  if (html === undefined) return;
  const { renderHtml } = await import('../evaluation/reports/render-html.ts');
  await writeFile(html, renderHtml(entries));
}

async function compare(entries: ReportEntry[], baseline: ReportEntry[], tolerance: number): Promise<boolean> {
  const { compareReports } = await import('../evaluation/reports/compare-reports.ts');
  const { regressions, compared, uncompared } = compareReports(entries, baseline, { tolerance });
  for (const what of uncompared) process.stderr.write(`${what} is not in the baseline.\n`);
  if (compared === 0) {
    const there = baseline.map(({ set, mode }) => `${set} (${mode})`).join(', ') || 'nothing';
    printError(`Nothing could be compared: the baseline has ${there}.`);
    return false;
  }
  for (const { set, mode, figure, before, now, beyond } of regressions)
    printError(`${set} (${mode}): ${figure} has fallen from ${before} to ${now}, beyond the ${beyond}.`);
  if (regressions.length === 0) process.stdout.write('No figure has fallen below the baseline.\n');
  return regressions.length === 0;
}

/** Before the work, which can take hours. */
async function refuseUnwritable(command: Command, path: string): Promise<void> {
  try {
    // Makes the file where there is none, and leaves what is in one.
    await (await open(path, 'a')).close();
  } catch (error) {
    command.error(`error: ${path} can't be written: ${describeFileError(error)}.`);
  }
}

function describeFileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such folder';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'no permission';
  return error instanceof Error ? error.message : String(error);
}

function parseQuestions(given: string): number {
  const questions = Number(given);
  if (!Number.isInteger(questions) || questions < 1)
    throw new InvalidArgumentError('Expected a number of questions.');
  return questions;
}

function parsePoints(given: string): number {
  const points = Number(given);
  if (given.trim() === '' || !(points >= 0 && points <= 100))
    throw new InvalidArgumentError('Expected a number of points from 0 to 100.');
  return points;
}
