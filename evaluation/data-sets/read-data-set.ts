import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type DataSet, DataSetError } from './data-set.ts';
import { readCorpusSet } from './read-corpus-set.ts';
import { readAnswerSpanSet, readReferenceSet } from './read-span-set.ts';

const forms: { holds: string; read(folder: string): Promise<DataSet> }[] = [
  { holds: 'corpus.jsonl', read: readCorpusSet },
  { holds: 'documents', read: readAnswerSpanSet },
  { holds: 'corpora', read: readReferenceSet },
];

/**
 * Reads a data set of whichever form the folder has (docs/evaluation.md).
 *
 * @throws DataSetError that says what is wrong, with file and line.
 */
export async function readDataSet(given: string): Promise<DataSet> {
  const folder = resolve(given);
  if (!existsSync(folder)) throw new DataSetError(`${given}: there is no such folder.`);
  const form = forms.find(({ holds }) => existsSync(join(folder, holds)));
  if (!form)
    throw new DataSetError(
      `${given}: this is no data set. It needs corpus.jsonl, or a folder documents/ or corpora/.`,
    );
  const set = await form.read(folder);
  if (!set.questions.some(({ targets }) => targets.length > 0))
    throw new DataSetError(`${given}: no question has a judgment.`);
  return set;
}
