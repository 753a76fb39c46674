import { writeFile } from 'node:fs/promises';
import { readConfig } from '../server/config.ts';
import { endWithoutDatabase } from './connect.ts';
import type { ProgressLine } from './progress-line.ts';
import { createQuietLogger } from './quiet-logger.ts';

type Options = {
  dataDir?: string;
  fresh?: boolean;
  most?: number;
  json?: string;
  html?: string;
};

/** `lectern evaluate --answers`: measures what quotes answer and what is refused, prints it and saves the reports. */
export async function evaluateAnswers(
  folders: string[],
  { dataDir, fresh = false, most, json, html }: Options,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<void> {
  const { measureAnswers } = await import('../evaluation/measure-answers.ts');
  const { formatAnswers } = await import('../evaluation/reports/format-answers.ts');
  const config = readConfig();
  const entries = await measureAnswers(folders, {
    config,
    logger: await createQuietLogger(config),
    dataDir,
    fresh,
    mostQuestions: most,
    signal,
    onDatabaseLost: endWithoutDatabase,
    onProgress: progress.show.bind(progress),
  });
  progress.clear();
  process.stdout.write(`${formatAnswers(entries)}\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(entries)}\n`);
  if (html === undefined) return;
  const { renderAnswers } = await import('../evaluation/reports/render-answers.ts');
  await writeFile(html, renderAnswers(entries));
}
