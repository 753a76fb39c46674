import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { changeNumber } from './change-number.ts';
import { measureCitations } from './measure-citations.ts';
import { readCitationCases } from './read-citation-cases.ts';
import { stateAnswer } from './state-answer.ts';

test('a question and its answer are one sentence', () => {
  const stated: [question: string, answer: string, sentence: string][] = [
    ['In what country is Normandy located?', 'France', 'In France country is Normandy located.'],
    ['Who wrote it?', 'Lenin', 'Lenin wrote it.'],
    ['How many professors does the university employ?', '2,000', '2,000 professors the university employ.'],
    ['Wie hoch ist der Turm?', '330 Meter', 'Wie hoch ist der Turm: 330 Meter.'],
    ['¿Dónde está?', 'París', 'Dónde está: París.'],
  ];
  for (const [question, answer, sentence] of stated) assert.equal(stateAnswer(question, answer), sentence);
});

test('a number is changed to one that the text does not have', () => {
  assert.equal(
    changeNumber('It is 330 metres high.', 'It is 330 metres high, once 430.'),
    'It is 530 metres high.',
  );
  assert.equal(changeNumber('It is three metres high.', ''), undefined);
});

async function withFolder<T>(files: Record<string, string>, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'citations-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const lines = (...objects: object[]) => objects.map(object => `${JSON.stringify(object)}\n`).join('');

const answers = {
  'corpus.jsonl': lines(
    { _id: 'd1', text: '😀 The tower is 330 metres high. It stands in Paris.', doc: 'a' },
    { _id: 'd2', text: 'Ice melts at 0 degrees. Water boils at 100 degrees.', doc: 'a' },
  ),
  'queries.jsonl': lines(
    { _id: 'q1', text: 'How high is the tower?', answers: ['330 metres'], answer_spans: [[15, 25]] },
    { _id: 'q2', text: 'Where does it stand?', answers: ['Paris'], answer_spans: [[45, 50]] },
    { _id: 'q3', text: 'Who knows?', answers: [] },
  ),
  'qrels.tsv': 'query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t1\n',
};

test('of each answer come its claim, one that cites another text, and ones that say something else', async () => {
  const { cases } = await withFolder(answers, readCitationCases);
  assert.deepEqual(
    cases.map(({ id, kind }) => [id, kind]),
    [
      ['q1', 'supported'],
      ['q1 elsewhere', 'elsewhere'],
      ['q1 number', 'other number'],
      ['q1 answer', 'other answer'],
      ['q2', 'supported'],
      ['q2 elsewhere', 'elsewhere'],
      ['q2 answer', 'other answer'],
    ],
  );
  const [first] = cases;
  assert.deepEqual(
    first?.support.map(({ start, end }) => first.cited.slice(start, end)),
    ['330 metres'],
  );
});

test('of evidence come the claims with their rationales, and without them where they contradict', async () => {
  const texts = ['Ice floats. Ice melts at 0 degrees.', 'Iron rusts. Gold does not rust.', 'Nobody knows.'];
  const files = {
    'corpus.jsonl': lines(...texts.map((text, index) => ({ _id: `d${index}`, text }))),
    'queries.jsonl': lines(
      { _id: 'c1', text: 'Ice melts at 0 degrees.' },
      { _id: 'c2', text: 'Gold rusts.' },
    ),
    'evidence.jsonl':
      lines({ query: 'c1', doc: 'd0', label: 'SUPPORT', sentences: [1] }) +
      lines({ query: 'c2', doc: 'd1', label: 'CONTRADICT', sentences: [1] }),
  };
  const set = await withFolder(files, readCitationCases);
  assert.deepEqual(
    set.cases.map(({ kind, support, cited }) => [
      kind,
      support.map(({ start, end }) => cited.slice(start, end)),
    ]),
    [
      ['supported', ['Ice melts at 0 degrees.']],
      ['elsewhere', []],
      ['contradicted', []],
      ['elsewhere', []],
    ],
  );
  const figures = await measureCitations(set, {
    embedder: undefined,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  const whole = figures.filter(({ evidence }) => evidence === '+ opposites');
  const verified = whole.map(({ kinds }) => kinds.contradicted?.verified ?? 0);
  assert.ok(verified.every(share => share === 0));
  assert.ok(whole.some(({ recall, precision }) => recall.value === 100 && precision.value === 100));
});
