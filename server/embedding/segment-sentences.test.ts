import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { segmentSentences } from './segment-sentences.ts';

const sentencesOf = (text: string) => segmentSentences(text).map(({ start, end }) => text.slice(start, end));

test('sentences end at full stops, question and exclamation marks of any script', () => {
  assert.deepEqual(sentencesOf('One. Two? Three! Four'), ['One. ', 'Two? ', 'Three! ', 'Four']);
  assert.deepEqual(sentencesOf('一。二！三'), ['一。', '二！', '三']);
});

test('a hard-wrapped line does not end a sentence, a paragraph does', () => {
  const text = 'A sentence that\ngoes on here.\nNext one\r\n  is wrapped too.\n\nthis is a paragraph';
  assert.deepEqual(sentencesOf(text), [
    'A sentence that\ngoes on here.\n',
    'Next one\r\n  is wrapped too.\n',
    '\n',
    'this is a paragraph',
  ]);
});

test('abbreviations do not end a sentence', () => {
  for (const sentence of [
    'Dr. Smith came. ',
    'See Fig. 3 and No. 5 (pp. 4). ',
    'Tools, e.g. Hammers, help. ',
    'By J. R. R. Tolkien. ',
    'Dr.\nSmith came. ',
  ])
    assert.deepEqual(sentencesOf(`${sentence}Next.`), [sentence, 'Next.']);
});

test('what only looks like an abbreviation ends a sentence', () => {
  assert.deepEqual(sentencesOf('Did he? No. He left.'), ['Did he? ', 'No. ', 'He left.']);
  assert.deepEqual(sentencesOf('It had a lid. It fit.'), ['It had a lid. ', 'It fit.']);
  assert.equal(sentencesOf('He is a Dr.\n\nNew paragraph.').length, 3);
});

test('a range is segmented on its own, with offsets of the whole text', () => {
  const text = 'Zero. One. Two. Three.';
  assert.deepEqual(segmentSentences(text, 6, 16), [
    { start: 6, end: 11 },
    { start: 11, end: 16 },
  ]);
  assert.deepEqual(segmentSentences(''), []);
});

test('sentences partition any text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', size: 'max', maxLength: 200 }),
    fc
      .array(fc.constantFrom('Dr. ', 'a', '. ', '\n', '\r\n', ' ', 'No. 5', '。', '👩‍👩‍👧', 'B'), {
        maxLength: 60,
        size: 'max',
      })
      .map(parts => parts.join('')),
  );
  fc.assert(
    fc.property(anyText, text => {
      let at = 0;
      for (const { start, end } of segmentSentences(text)) {
        assert.equal(start, at);
        assert.ok(end > start);
        at = end;
      }
      assert.equal(at, text.length);
    }),
    { numRuns: 1000 },
  );
});
