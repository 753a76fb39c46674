import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report } from '../../contract/evaluation.ts';
import { toReportEntry } from '../../evaluation/figures/to-report-entry.ts';
import { readReport } from './read-report.ts';

const entry = toReportEntry({
  set: 'handbook',
  mode: 'hybrid',
  documents: 3,
  questions: new Map([
    ['a', { ndcg10: 1, mrr10: 1, recall1: 1, recall10: 1 }],
    ['b', { ndcg10: 0.5, mrr10: 0.5, recall1: 0, recall10: 1 }],
  ]),
  answered: { answerable: [true, false], unanswerable: [] },
  latenciesMs: [4, 8],
});

test('what the command line saves is read as its schema says', () => {
  const text = JSON.stringify([entry]);
  assert.deepEqual(readReport(text), [{ ...report.parse(JSON.parse(text))[0], perQuery: {} }]);
});

test('a report of an early release, without intervals and refusals, is read', () => {
  const { set, mode, documents, queries, ndcg10, mrr10, recall, latencyMs } = entry;
  const early = [{ set, mode, documents, queries, ndcg10, mrr10, recall, latencyMs }];
  assert.deepEqual(readReport(JSON.stringify(early)), [{ ...report.parse(early)[0], perQuery: {} }]);
});

test('any other text is no report', () => {
  const wrong = [
    '',
    'no JSON',
    '[]',
    '{}',
    'null',
    '[null]',
    JSON.stringify([entry, {}]),
    JSON.stringify([{ ...entry, ndcg10: '83' }]),
    JSON.stringify([{ ...entry, recall: { 1: null } }]),
  ];
  assert.deepEqual(
    wrong.map(readReport),
    wrong.map(() => undefined),
  );
});
