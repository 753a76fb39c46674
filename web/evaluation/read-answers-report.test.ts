import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswersReport } from './read-answers-report.ts';
import { readReport } from './read-report.ts';

/** As evaluation/answers/answers-report.ts has it. */
const saved = [
  {
    set: 'handbook',
    documents: 3,
    answerable: 40,
    unanswerable: 20,
    isHeldOut: false,
    isRead: true,
    inSentences: [70, 85, 90],
    inQuotes: 92,
    words: 31,
    auc: 0.81,
    refusedAt: { 5: 40 },
    refused: 45,
    wronglyRefused: 6,
    wrongAnswers: 8,
    curve: [
      { wrongRefusals: 0, refused: 20 },
      { wrongRefusals: 100, refused: 100 },
    ],
    questions: [],
  },
];

test('what the command line saves of answers is read, and is no report of searches', () => {
  const text = JSON.stringify(saved);
  const [entry] = readAnswersReport(text) ?? [];
  assert.deepEqual(
    [entry?.set, entry?.auc, entry?.inSentences, entry?.curve],
    [saved[0]?.set, saved[0]?.auc, saved[0]?.inSentences, saved[0]?.curve],
  );
  assert.equal(readReport(text), undefined);
});

test('any other text is no report of answers', () => {
  const [entry] = saved;
  const wrong = ['', '[]', '[{}]', JSON.stringify([{ ...entry, curve: [{ refused: 1 }] }])];
  assert.deepEqual(
    wrong.map(readAnswersReport),
    wrong.map(() => undefined),
  );
});
