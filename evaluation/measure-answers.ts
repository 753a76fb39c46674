/** `lectern evaluate --answers DIR…`: what quotes answer, and what is refused. */
import type { Config } from '../server/config.ts';
import type { Logger } from '../server/logger.ts';
import type { AnswersEntry } from './answers/answers-report.ts';
import { askForAnswers } from './answers/ask-for-answers.ts';
import { openAnswering } from './answers/open-answering.ts';
import { type AnswerSet, readAnswerSet } from './answers/read-answer-set.ts';
import { toAnswersEntry } from './answers/to-answers-entry.ts';
import { distinctNames } from './data-sets/distinct-names.ts';
import { type MeasuringFolder, openMeasuringFolder } from './measuring/open-measuring-app.ts';

type Measuring = {
  config: Config;
  logger: Logger;
  dataDir: string | undefined;
  fresh: boolean;
  /** Of each set, evenly chosen; all when undefined. */
  mostQuestions: number | undefined;
  signal: AbortSignal;
  onDatabaseLost: (error: Error) => void;
  onProgress: (what: string, done: number, all: number) => void;
};

/** @throws DataSetError before anything is measured when one of the sets is broken. */
export async function measureAnswers(folders: string[], measuring: Measuring): Promise<AnswersEntry[]> {
  const sets = distinctNames(await Promise.all(folders.map(readAnswerSet)), folders);
  const folder = await openMeasuringFolder(measuring.dataDir);
  try {
    const entries: AnswersEntry[] = [];
    for (const set of sets) entries.push(await measureSet(set, folder, measuring));
    return entries;
  } finally {
    await folder.close();
  }
}

async function measureSet(
  set: AnswerSet,
  folder: MeasuringFolder,
  { mostQuestions = set.questions.length, onProgress, ...options }: Measuring,
): Promise<AnswersEntry> {
  const documents = set.documents.length;
  const onIngested = (done: number) => onProgress(`${set.name}: ingesting`, done, documents);
  const answering = await openAnswering(set, { ...options, folder, onIngested });
  try {
    const step = Math.max(1, set.questions.length / mostQuestions);
    const questions = set.questions.filter(
      (_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step),
    );
    const isHeldOut = !set.questions.some(({ targets }) => targets.length === 0);
    const onAsked = (done: number) => onProgress(`${set.name}: asking`, done, questions.length);
    const asked = await askForAnswers(answering, { set, questions, isHeldOut, onProgress: onAsked });
    return toAnswersEntry({ set: set.name, documents, isHeldOut, asked });
  } finally {
    await answering.close();
  }
}
