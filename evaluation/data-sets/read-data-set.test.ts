import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { DataSetError } from './data-set.ts';
import { toFile } from './name-document.ts';
import { readDataSet } from './read-data-set.ts';

async function withSet<Result>(
  files: Record<string, string>,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-set-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const lines = (...items: object[]) => items.map(item => JSON.stringify(item)).join('\n');

const corpus = lines(
  { _id: 'd1', title: 'Lamps', text: 'Lamps are lit at dusk.' },
  { _id: 'd2', text: 'No title.' },
);
const queries = lines(
  { _id: 'q1', text: 'When?' },
  { _id: 'q2', text: 'Who?', answerable: false },
  { _id: 'q3', text: 'Nobody judged this.' },
);

test('a folder as in BEIR: judged questions, those without an answer, and no others', async () => {
  const qrels = 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n';
  for (const path of ['qrels.tsv', 'qrels/test.tsv']) {
    const set = await withSet(
      { 'corpus.jsonl': corpus, 'queries.jsonl': queries, [path]: qrels },
      readDataSet,
    );
    assert.equal(set.ranks, 'documents');
    assert.deepEqual(
      set.questions.map(({ id, targets }) => [id, targets]),
      [
        ['q1', [{ gain: 2, documentId: 'd1' }]],
        ['q2', []],
      ],
    );
    assert.deepEqual(
      set.documents.map(({ id, filename }) => [id, filename]),
      [
        ['d1', 'Lamps.txt'],
        ['d2', 'd2.txt'],
      ],
    );
  }
});

test('documents with answer spans, which count code points', async () => {
  const query = { _id: 'q', text: 'Where?', doc: 'a', answer_spans: [[2, 6]] };
  const set = await withSet({ 'documents/a.txt': '😀 here', 'queries.jsonl': lines(query) }, readDataSet);
  const [question] = set.questions;
  assert.deepEqual(question?.targets, [{ gain: 1, documentId: 'a', spans: [{ start: 3, end: 7 }] }]);
  assert.equal(set.ranks, 'passages');
});

test('corpora with references, each of which is wanted', async () => {
  const references = [
    { content: 'One.', start_index: 0, end_index: 4 },
    { content: 'Two.', start_index: 5, end_index: 9 },
  ];
  const query = { _id: 'q', text: 'What?', corpus_id: 'a', references };
  const set = await withSet({ 'corpora/a.md': 'One. Two.', 'queries.jsonl': lines(query) }, readDataSet);
  assert.equal(set.wantsText, true);
  assert.deepEqual(
    set.questions[0]?.targets.map(({ spans }) => spans?.[0]),
    [
      { start: 0, end: 4, text: 'One.' },
      { start: 5, end: 9, text: 'Two.' },
    ],
  );
});

const broken: [what: string, files: Record<string, string>, message: RegExp][] = [
  ['nothing of a data set', { 'a.txt': 'a' }, /this is no data set/],
  ['no judgments', { 'corpus.jsonl': corpus, 'queries.jsonl': queries }, /there is no qrels\.tsv/],
  [
    'a judgment of a document that is not there',
    { 'corpus.jsonl': corpus, 'queries.jsonl': queries, 'qrels.tsv': 'q1\td9\t1\n' },
    /qrels\.tsv, line 1: there is no document d9/,
  ],
  [
    'no question with an answer',
    { 'corpus.jsonl': corpus, 'queries.jsonl': queries, 'qrels.tsv': 'q1\td1\t0\n' },
    /no question has a judgment/,
  ],
  [
    'a line that is not JSON',
    { 'corpus.jsonl': `${corpus}\n{`, 'queries.jsonl': queries, 'qrels.tsv': 'q1\td1\t1\n' },
    /corpus\.jsonl, line 3: this is not JSON/,
  ],
  [
    'the same id twice',
    { 'corpus.jsonl': `${corpus}\n${corpus}`, 'queries.jsonl': queries, 'qrels.tsv': 'q1\td1\t1\n' },
    /line 3: the _id d1 stands in line 1 too/,
  ],
  [
    'a span outside the text',
    {
      'documents/a.txt': 'short',
      'queries.jsonl': lines({ _id: 'q', text: '?', doc: 'a', answer_spans: [[3, 9]] }),
    },
    /q: the span 3–9 is not within the text’s 5 characters/,
  ],
  [
    'a reference that says something else',
    {
      'corpora/a.md': 'One. Two.',
      'queries.jsonl': lines({
        _id: 'q',
        text: '?',
        corpus_id: 'a',
        references: [{ content: 'Two.', start_index: 0, end_index: 4 }],
      }),
    },
    /the text at 0 is not the reference’s content/,
  ],
];

for (const [what, files, message] of broken)
  test(`${what} is an error that says where`, async () => {
    await assert.rejects(withSet(files, readDataSet), error => {
      assert.ok(error instanceof DataSetError);
      assert.match(error.message, message);
      return true;
    });
  });

test('a document of a corpus is named as the file that it would be', () => {
  const file = (_id: string, title: string, text = 'Text.') => toFile({ _id, title, text });
  assert.deepEqual(file('https://a.org/docs/models.html#names', 'Model names'), {
    id: 'https://a.org/docs/models.html#names',
    filename: 'models.md',
    content: '# Model names\n\nText.',
  });
  assert.equal(file('7', 'A/B test').filename, 'A-B test.txt');
  assert.equal(file('7', '').filename, '7.txt');
  // A title that the text begins with is not said twice.
  assert.equal(file('https://a.org/x', 'Intro', 'Intro\nMore.').content, '# Intro\n\nMore.');
});
