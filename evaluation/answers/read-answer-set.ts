import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type DataSet, DataSetError } from '../data-sets/data-set.ts';
import { readDataSet } from '../data-sets/read-data-set.ts';
import { readJsonLines } from '../data-sets/read-lines.ts';

/** What answers a question, in any of several wordings. */
export type AnswerKey = {
  /** Words of the document that answer; a quote that holds one of them answers. */
  texts: string[];
  /** Whole sentences of the document that support the answer; a quote that has most of one answers. */
  sentences: string[];
};

export type AnswerSet = DataSet & {
  /** By question id; questions without an answer have none. */
  answers: Map<string, AnswerKey>;
};

const line = z.object({
  _id: z.string().min(1),
  answers: z.array(z.string()).default([]),
  selected_sentences: z.array(z.string()).default([]),
});

/**
 * A folder as in BEIR whose queries.jsonl also has `answers` (words of the document), or `selected_sentences` where
 * the answers are paraphrases. Questions with `"answerable": false` have none.
 *
 * @throws DataSetError
 */
export async function readAnswerSet(folder: string): Promise<AnswerSet> {
  const set = await readDataSet(folder);
  const path = join(folder, 'queries.jsonl');
  if (!existsSync(path)) throw new DataSetError(`${folder}: there is no queries.jsonl with answers.`);
  const answers = new Map<string, AnswerKey>();
  for (const { _id, answers: texts, selected_sentences: sentences } of await readJsonLines(path, line))
    if (texts.length > 0 || sentences.length > 0)
      answers.set(_id, sentences.length > 0 ? { texts: [], sentences } : { texts, sentences: [] });
  const unkeyed = set.questions.find(({ id, targets }) => targets.length > 0 && !answers.has(id));
  if (unkeyed) throw new DataSetError(`${path}: the question ${unkeyed.id} has a judgment and no answer.`);
  return { ...set, answers };
}
