import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foundExcerpt } from '../../../tests/fakes/found-excerpt.ts';
import { findSentences } from './find-sentences.ts';

const find = (text: string, start = 0) => findSentences(foundExcerpt(text, { start }));
const describe = (text: string) =>
  find(text).map(({ kind, text: own, lead }) => [kind, own, ...(lead ? [lead.text] : [])]);

test('sentences of a paragraph know the one before', () => {
  const [first, second, third] = find('The pump is blue. It weighs 3 kg.\n\nIt is loud.');
  assert.equal(second?.previous, first);
  assert.equal(third?.previous, undefined);
});

test('what stands under a line that reads like a heading knows it, up to the next paragraph', () => {
  assert.deepEqual(describe('Warranty\n\nIt is 24 months. Ask us.\n\nWe are here.'), [
    ['heading', 'Warranty'],
    ['sentence', 'It is 24 months.', 'Warranty'],
    ['sentence', 'Ask us.', 'Warranty'],
    ['sentence', 'We are here.'],
  ]);
});

test('short lines without closing marks are what is said where they head nothing', () => {
  assert.deepEqual(describe('Guest wifi password bluewhale77\n'), [
    ['sentence', 'Guest wifi password bluewhale77'],
  ]);
  assert.deepEqual(describe('# Office\n\nReception 4100\nWorkshop 4200'), [
    ['heading', '# Office'],
    ['sentence', 'Reception 4100', '# Office'],
    ['sentence', 'Workshop 4200'],
  ]);
  assert.deepEqual(describe('# Office\n\n## Workshop'), [
    ['heading', '# Office'],
    ['heading', '## Workshop', '# Office'],
  ]);
});

test('a short line that begins with a small letter is no heading', () => {
  assert.deepEqual(describe('Notes\n\nalarm code is 9931\n\nThe yard is behind the house.'), [
    ['heading', 'Notes'],
    ['sentence', 'alarm code is 9931', 'Notes'],
    ['sentence', 'The yard is behind the house.'],
  ]);
});

test('the items of a list are whole lines, with their numbers, under what leads to them', () => {
  assert.deepEqual(describe('You need:\n\n- a pan\n- two eggs\n\n1. Break them. 2. Stir.\n\nServe hot.'), [
    ['heading', 'You need:'],
    ['item', '- a pan', 'You need:'],
    ['item', '- two eggs', 'You need:'],
    ['item', '1. Break them.', 'You need:'],
    ['item', '2. Stir.', 'You need:'],
    ['sentence', 'Serve hot.'],
  ]);
});

test('rows of a table stand under its header, in both ways tables are written', () => {
  assert.deepEqual(describe('Name | Born\nAda | 1815\nAlan | 1912\n\n| A | B |\n|---|---|\n| 1 | 2 |'), [
    ['row', 'Name | Born'],
    ['row', 'Ada | 1815', 'Name | Born'],
    ['row', 'Alan | 1912', 'Name | Born'],
    ['row', '| A | B |'],
    ['row', '| 1 | 2 |', '| A | B |'],
  ]);
});

test('every stretch is the document’s text to the letter, in reading order, whatever the text', () => {
  const piece = fc.constantFrom(
    'Ada was here. ',
    '- item\n',
    '1. ',
    'A | B\n',
    '\n\n',
    '# H\n',
    '😀',
    ' x',
    '\t',
    '。',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ unit: 'grapheme', maxLength: 8 }))),
      fc.nat(500),
      (pieces, start) => {
        const text = pieces.join('');
        let last = start;
        for (const sentence of find(text, start)) {
          assert.equal(text.slice(sentence.start - start, sentence.end - start), sentence.text);
          assert.equal(sentence.text.trim(), sentence.text);
          assert.ok(sentence.start >= last);
          last = sentence.end;
        }
      },
    ),
  );
});
