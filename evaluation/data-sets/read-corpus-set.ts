import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type DataSet, DataSetError, type Question, type Target } from './data-set.ts';
import { toFile } from './name-document.ts';
import { readJsonLines, readText } from './read-lines.ts';

const corpusLine = z.object({ _id: z.string().min(1), title: z.string().default(''), text: z.string() });
const queryLine = z.object({
  _id: z.string().min(1),
  text: z.string().trim().min(1),
  answerable: z.boolean().optional(),
});

/** Where BEIR has its judgments. */
const judgmentFiles = ['qrels.tsv', 'qrels/test.tsv'];

/** A folder as in BEIR: corpus.jsonl, queries.jsonl and qrels.tsv (or qrels/test.tsv). */
export async function readCorpusSet(folder: string): Promise<DataSet> {
  const entries = await readJsonLines(join(folder, 'corpus.jsonl'), corpusLine);
  const queries = await readJsonLines(join(folder, 'queries.jsonl'), queryLine);
  const path = judgmentFiles.map(name => join(folder, name)).find(existsSync);
  if (path === undefined) throw new DataSetError(`${folder}: there is no ${judgmentFiles.join(' and no ')}.`);
  const targets = await readJudgments(path, {
    documents: new Set(entries.map(({ _id }) => _id)),
    questions: new Set(queries.map(({ _id }) => _id)),
  });
  const questions = queries.flatMap(({ _id, text, answerable }): Question[] => {
    const own = targets.get(_id) ?? [];
    // Many sets have queries that nobody judged: they say nothing.
    return own.length > 0 || answerable === false ? [{ id: _id, text, targets: own }] : [];
  });
  const documents = entries.map(toFile);
  return { name: basename(folder), ranks: 'documents', wantsText: false, documents, questions };
}

/** The relevant documents of each question; judgments of 0 and below say that a document is not. */
async function readJudgments(
  path: string,
  known: { documents: Set<string>; questions: Set<string> },
): Promise<Map<string, Target[]>> {
  const targets = new Map<string, Target[]>();
  for (const [index, line] of (await readText(path)).split('\n').entries()) {
    const columns = line.trim().split('\t');
    const [question = '', document = '', score = ''] = columns;
    const isHeader = index === 0 && !Number.isFinite(Number(score));
    if (line.trim() === '' || isHeader) continue;
    const place = `${path}, line ${index + 1}`;
    const gain = Number(score);
    if (columns.length !== 3 || score === '' || !Number.isFinite(gain))
      throw new DataSetError(`${place}: expected query, document and score with tabs between them.`);
    if (!known.questions.has(question)) throw new DataSetError(`${place}: there is no query ${question}.`);
    if (!known.documents.has(document)) throw new DataSetError(`${place}: there is no document ${document}.`);
    const own = targets.get(question) ?? [];
    if (own.some(({ documentId }) => documentId === document))
      throw new DataSetError(`${place}: ${question} and ${document} are judged twice.`);
    if (gain > 0) targets.set(question, [...own, { gain, documentId: document }]);
  }
  return targets;
}
