import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseText } from './parse-text.ts';

test('plain text stays as it is, with the notes of its decoding', () => {
  const bytes = Buffer.from('A heading?\r\n\r\nGr\xfc\xdfe aus K\xf6ln und M\xfcnchen.', 'latin1');
  assert.deepEqual(parseText({ bytes, filename: 'a.txt' }), {
    text: 'A heading?\n\nGrüße aus Köln und München.',
    blocks: [],
    pageStarts: [],
    title: undefined,
    notes: [{ code: 'encoding_detected', message: 'Read as windows-1252: the file is not valid UTF-8.' }],
  });
});
