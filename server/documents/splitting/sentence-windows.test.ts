import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentSentences } from '../../embedding/segment-sentences.ts';
import { sentencesInWindows } from './sentence-windows.ts';

const line = 'Dr. Smith paid 3.50 in No. 5 of the\nstreet. Did he? "Yes." He did 😀.';

test('windows change nothing', () => {
  for (const text of [
    `${line} `.repeat(9000),
    `${line}\n`.repeat(9000),
    `${line}\n\n`.repeat(9000),
    `x${'😀'.repeat(200_000)}. One more. ${'word '.repeat(200_000)}. And the end`,
    ' '.repeat(500_000),
  ])
    for (const start of [0, 7])
      assert.deepEqual(
        [...sentencesInWindows(text, start, text.length)],
        segmentSentences(text, start, text.length),
      );
});

test('only a window of sentences is in memory', () => {
  const text = `${line}\n`.repeat(100_000);
  const sentences = sentencesInWindows(text, 0, text.length);
  const startedAt = performance.now();
  sentences.next();
  const first = performance.now() - startedAt;
  for (const _ of sentences);
  assert.ok(first * 5 < performance.now() - startedAt);
});
