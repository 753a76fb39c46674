/** `lectern evaluate DIR…`: every set through the real ingestion and the real search. */
import { ApiClient } from '../cli/api-client.ts';
import type { ReportEntry } from '../contract/evaluation.ts';
import type { Config } from '../server/config.ts';
import type { Logger } from '../server/logger.ts';
import type { DataSet } from './data-sets/data-set.ts';
import { distinctNames } from './data-sets/distinct-names.ts';
import { readDataSet } from './data-sets/read-data-set.ts';
import { toReportEntry } from './figures/to-report-entry.ts';
import { askQuestions, type SearchMode } from './measuring/ask-questions.ts';
import { ingestSet } from './measuring/ingest-set.ts';
import {
  type MeasuringFolder,
  openMeasuringApp,
  openMeasuringFolder,
} from './measuring/open-measuring-app.ts';

export type Measuring = {
  modes: SearchMode[];
  config: Config;
  logger: Logger;
  /** Kept and used again; a temporary folder when undefined. */
  dataDir: string | undefined;
  fresh: boolean;
  signal: AbortSignal;
  onDatabaseLost: (error: Error) => void;
  /** What is going on, and how far it is. */
  onProgress: (what: string, done: number, all: number) => void;
};

/** @throws DataSetError before anything is measured when one of the sets is broken. */
export async function measureSets(folders: string[], measuring: Measuring): Promise<ReportEntry[]> {
  const sets = distinctNames(await Promise.all(folders.map(readDataSet)), folders);
  const folder = await openMeasuringFolder(measuring.dataDir);
  try {
    const entries: ReportEntry[] = [];
    for (const set of sets) entries.push(...(await measureSet(set, folder, measuring)));
    return entries;
  } finally {
    await folder.close();
  }
}

async function measureSet(
  set: DataSet,
  folder: MeasuringFolder,
  { modes, signal, onProgress, ...options }: Measuring,
): Promise<ReportEntry[]> {
  const app = await openMeasuringApp(set, { ...options, folder });
  try {
    signal.throwIfAborted();
    const client = new ApiClient(app, signal);
    const all = set.documents.length;
    const ids = await ingestSet(client, set, {
      signal,
      onProgress: done => onProgress(`${set.name}: ingesting`, done, all),
    });
    const namesOf = (documentId: number) => ids.get(documentId) ?? [];
    const entries: ReportEntry[] = [];
    for (const mode of modes) {
      const onAsked = (done: number) =>
        onProgress(`${set.name}: asking, ${mode}`, done, set.questions.length);
      const measured = await askQuestions(client, { set, mode, namesOf, onProgress: onAsked });
      entries.push(toReportEntry({ set: set.name, mode, documents: all, ...measured }));
    }
    return entries;
  } finally {
    await app.close();
  }
}
