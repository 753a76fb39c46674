import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberOccurrences, splitCitations, withoutOccurrences } from './split-citations.ts';

const split = (text: string) => splitCitations(numberOccurrences(text));

test('citations are told apart from text, each with its occurrence', () => {
  assert.deepEqual(split('One [1]. Two [2][1], three [1, 4].'), [
    { text: 'One\u2060' },
    { number: 1, occurrence: 0 },
    { text: '\u2060. Two\u2060' },
    { number: 2, occurrence: 0 },
    { number: 1, occurrence: 1 },
    { text: '\u2060, three\u2060' },
    { number: 1, occurrence: 2 },
    { number: 4, occurrence: 0 },
    { text: '\u2060.' },
  ]);
});

test('what is no citation stays as it is', () => {
  for (const text of ['plain', 'a[i] = [x]', '[100] and [1', '']) assert.deepEqual(split(text), [{ text }]);
});

test('the text can be had back, and separators of a model’s own do not count', () => {
  assert.equal(withoutOccurrences(numberOccurrences('One [1], [2].')), 'One [1], [2].');
  assert.deepEqual(split('One [1\u20637].'), split('One [1].'));
});
