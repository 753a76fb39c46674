import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NotFoundMarkerReader } from './not-found-marker.ts';

function read(pieces: string[]) {
  const reader = new NotFoundMarkerReader();
  const shown = pieces.map(piece => reader.push(piece));
  shown.push(reader.end());
  return { shown, text: shown.join(''), isFound: reader.isFound };
}

test('the marker is taken out, however it is cut into pieces', () => {
  const answer = '[not found] The sources do not say who.';
  fc.assert(
    fc.property(fc.array(fc.nat(answer.length), { maxLength: 8 }), cuts => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), answer.length];
      const pieces = at.slice(1).map((end, index) => answer.slice(at[index], end));
      const { text, isFound } = read(pieces);
      assert.equal(text, 'The sources do not say who.');
      assert.ok(isFound);
    }),
  );
});

test('models write it in their own way', () => {
  for (const marker of [
    '[Not Found]',
    '**[not found]**',
    '[NOT_FOUND]:',
    '\n[not found].\n\n',
    '`[not-found]` – ',
  ])
    assert.deepEqual([read([marker, 'No.']).text, read([marker, 'No.']).isFound], ['No.', true], marker);
  assert.deepEqual([read(['[not found]']).text, read(['[not found]']).isFound], ['', true]);
});

test('an answer that begins otherwise is not touched, and shown as soon as that is clear', () => {
  const { shown, isFound } = read(['The', ' ', '[not found] flag', ' is set.']);
  assert.deepEqual(shown, ['The', ' ', '[not found] flag', ' is set.', '']);
  assert.equal(isFound, false);
  for (const answer of [
    '[1] says so.',
    '[note] x',
    '**Bold** text',
    '[not',
    '[nothing found]',
    '',
    '  ',
    '> [not found]',
  ])
    assert.deepEqual([read([...answer]).text, read([...answer]).isFound], [answer, false], answer);
});

test('nothing of any answer is lost but the marker', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('[', 'not', ' found', ']', '**'))), pieces => {
      const { text, isFound } = read(pieces);
      assert.ok(pieces.join('').endsWith(text));
      if (!isFound) assert.equal(text, pieces.join(''));
    }),
  );
});
