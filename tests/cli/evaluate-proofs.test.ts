/** `lectern evaluate --citations` and `--answers`, on sets whose figures can be counted by hand. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { answersReport } from '../../evaluation/answers/answers-report.ts';
import { createFolder, runLectern } from './run-lectern.ts';

const folder = await createFolder();
after(() => folder.remove());
const inFolder = (name: string) => join(folder.path, name);

async function writeSet(name: string, files: Record<string, object[] | string>): Promise<string> {
  await mkdir(inFolder(name));
  for (const [file, content] of Object.entries(files)) {
    const text =
      typeof content === 'string' ? content : content.map(line => `${JSON.stringify(line)}\n`).join('');
    await writeFile(join(inFolder(name), file), text);
  }
  return inFolder(name);
}

const corpus = [
  'The lighthouse of Skerry was built in 1874. Its lamp burns oil from Bergen.',
  'Bees sleep in winter. The queen of the hive lays 2000 eggs in a single day.',
  'Bread rises overnight in a cold kitchen. Salt slows the yeast down.',
  'The ferry to Tangen leaves at noon. Bicycles travel without a ticket.',
  'Violins are tuned in fifths. The bow is made of pernambuco wood.',
  'Copper turns green in rain. Roofs of churches show it after decades.',
].map((text, index) => ({ _id: `d${index}`, title: '', text }));

const figures = z.array(
  z.object({
    half: z.string(),
    evidence: z.string(),
    precision: z.object({ value: z.number() }),
    recall: z.object({ value: z.number() }),
    rightQuotes: z.number(),
    kinds: z.record(z.string(), z.object({ count: z.number(), verified: z.number() })),
  }),
);

test('--citations counts what is verified of claims that are right, contradicted and put elsewhere', async () => {
  // All in one half, by their ids; the rows say of each claim whether it should be verified.
  const claims = [
    { _id: 'q1', text: 'The lighthouse of Skerry was built in 1874.', doc: 'd0', label: 'SUPPORT', at: 0 },
    { _id: 'q3', text: 'The queen lays 2000 eggs in a day.', doc: 'd1', label: 'SUPPORT', at: 1 },
    // Verified with the wrong sentence, and not verified at all.
    { _id: 'q5', text: 'Bread rises overnight in a cold kitchen.', doc: 'd2', label: 'SUPPORT', at: 1 },
    { _id: 'q7', text: 'Cyclists pay nothing aboard.', doc: 'd3', label: 'SUPPORT', at: 1 },
    { _id: 'q9', text: 'Violins are not tuned in fifths.', doc: 'd4', label: 'CONTRADICT', at: 0 },
  ];
  const set = await writeSet('claims', {
    'corpus.jsonl': corpus,
    'queries.jsonl': claims.map(({ _id, text }) => ({ _id, text })),
    'evidence.jsonl': claims.map(({ _id, doc, label, at }) => ({ query: _id, doc, label, sentences: [at] })),
  });
  const json = inFolder('citations.json');
  const { code, stdout, stderr } = await runLectern(
    folder.path,
    ['evaluate', set, '--citations', '--json', json],
    { SKIP_MODEL_LOADING: 'true' },
  );
  assert.equal(code, 0, stderr);
  const rows = figures.parse(JSON.parse(await readFile(json, 'utf8')));
  const row = (evidence: string) => {
    const [one, ...others] = rows.filter(each => each.evidence === evidence);
    assert.ok(one && others.length === 0, `${evidence}: ${rows.map(({ half }) => half)}`);
    return one;
  };
  const shipped = row('+ opposites');
  assert.deepEqual(shipped.kinds, {
    supported: { count: 4, verified: 75 },
    contradicted: { count: 1, verified: 0 },
    elsewhere: { count: 5, verified: 0 },
  });
  assert.deepEqual(
    [shipped.precision.value, shipped.recall.value, shipped.rightQuotes].map(Math.round),
    [67, 50, 50],
  );
  assert.equal(row('+ numbers').kinds.contradicted?.verified, 100);
  assert.match(stdout, /^claims +.*\+ opposites +66\.7 \[.*75\.0 of 4 +0\.0 of 1 +0\.0 of 5/m);
});

test('--answers counts which questions the quotes answer, and which are refused', async () => {
  const questions = [
    { _id: 'q1', text: 'When was the lighthouse of Skerry built?', answers: ['1874'] },
    { _id: 'q2', text: 'How many eggs does the queen of the hive lay in a day?', answers: ['2000'] },
    // What the documents say to this is something else.
    { _id: 'q3', text: 'When does the ferry to Tangen leave?', answers: ['without a ticket on Mondays'] },
    { _id: 'q4', text: 'Which treaty ended the Peloponnesian war?', answerable: false },
  ];
  const set = await writeSet('questions', {
    'corpus.jsonl': corpus,
    'queries.jsonl': questions,
    'qrels.tsv': 'query-id\tcorpus-id\tscore\nq1\td0\t1\nq2\td1\t1\nq3\td3\t1\n',
  });
  const json = inFolder('answers.json');
  const args = ['evaluate', set, '--answers', '--json', json];
  const { code, stdout, stderr } = await runLectern(folder.path, args, { EMBEDDING_WORKERS: '1' });
  assert.equal(code, 0, stderr);
  const [entry] = answersReport.parse(JSON.parse(await readFile(json, 'utf8')));
  assert.deepEqual([entry?.answerable, entry?.unanswerable, entry?.isHeldOut], [3, 1, false]);
  assert.deepEqual([entry?.inSentences, entry?.inQuotes], [[66.67, 66.67, 66.67], 66.67]);
  assert.deepEqual([entry?.refused, entry?.wronglyRefused, entry?.wrongAnswers], [100, 0, 33.33]);
  assert.equal(entry?.auc, 1);
  assert.deepEqual(entry?.questions.map(({ id, rank }) => [id, rank]).toSorted(), [
    ['q1', 1],
    ['q2', 1],
    ['q3', null],
    ['q4', null],
  ]);
  assert.match(stdout, /^questions +3 +1 +66\.7 \/ 66\.7 \/ 66\.7 +66\.7 /m);
});
