import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coveredShare, cutToLength, type PlacedText } from './covered-share.ts';

/** Every position has a character of its own. */
const alphabet = Array.from({ length: 400 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
const span = (start: number, end: number, documentId = 'a'): PlacedText => ({
  documentId,
  start,
  end,
  text: documentId === 'a' ? alphabet.slice(start, end) : '-'.repeat(end - start),
});

test('wanted characters count once, in whichever passages they stand', () => {
  const wanted = [span(0, 100), span(50, 150), span(60, 70)];
  assert.equal(coveredShare(wanted, [span(0, 75), span(50, 90)]), 90 / 150);
  assert.equal(coveredShare(wanted, [span(0, 150)]), 1);
  assert.equal(coveredShare(wanted, [span(200, 300)]), 0);
});

test('a passage of another document covers nothing', () => {
  assert.equal(coveredShare([span(0, 10)], [span(0, 10, 'b')]), 0);
  assert.equal(coveredShare([span(0, 10), span(0, 30, 'b')], [span(0, 30, 'b')]), 30 / 40);
});

test('a copy of a sentence covers it, a part of one does not', () => {
  const place = (start: number, text: string) => ({ documentId: 'a', start, end: start + text.length, text });
  const sentence = 'The ferry leaves at 07:40. ';
  const wanted = [place(0, `${sentence}It is free.`)];
  const share = sentence.length / (sentence.length + 11);
  assert.equal(coveredShare(wanted, [place(500, `On Mondays. ${sentence}`)]), share);
  assert.equal(coveredShare(wanted, [place(500, 'The ferry leaves at 08:40. It is free.')]), 0);
});

test('a context is cut at its length, within a passage if need be', () => {
  assert.deepEqual(cutToLength([span(0, 40), span(100, 180), span(5, 9, 'b')], 100), [
    span(0, 40),
    span(100, 160),
  ]);
  assert.deepEqual(cutToLength([span(0, 40)], 100), [span(0, 40)]);
});
