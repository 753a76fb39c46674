import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderLines } from './order-lines.ts';
import type { Fragment } from './read-page.ts';

const fragment = (text: string, x: number, y: number, { width = 244, size = 10 } = {}): Fragment => ({
  text,
  x,
  y,
  width,
  size,
  font: 'f',
  isMonospace: false,
  isRightToLeft: false,
  isAfterSpace: false,
});
const textsOf = (fragments: Fragment[]) => orderLines(fragments).map(({ text }) => text);

test('a table within a column and a large heading beside a full line leave two columns two', () => {
  const left = [
    ...Array.from({ length: 6 }, (_, n) => fragment(`left ${n}`, 57, 100 + 12 * n)),
    ...Array.from({ length: 8 }, (_, n) => [
      fragment(`a${n}`, 60, 180 + 12 * n, { width: 30 }),
      fragment(`b${n}`, 150, 180 + 12 * n, { width: 20 }),
      fragment(`c${n}`, 240, 180 + 12 * n, { width: 15 }),
    ]).flat(),
    ...Array.from({ length: 10 }, (_, n) => fragment(`left ${n + 6}`, 57, 280 + 12 * n)),
  ];
  const right = [
    ...Array.from({ length: 15 }, (_, n) => fragment(`right ${n}`, 311, 100 + 12 * n)),
    fragment('4 A heading', 311, 292, { width: 120, size: 14.3 }),
    ...Array.from({ length: 6 }, (_, n) => fragment(`right ${n + 15}`, 311, 310 + 12 * n)),
  ];
  const across = fragment('The title across both', 150, 60, { width: 300, size: 17 });
  const texts = textsOf([across, ...right, ...left]);
  assert.equal(texts[0], 'The title across both');
  assert.ok(texts.indexOf('left 15') < texts.indexOf('right 0'));
  assert.ok(texts.indexOf('right 14') < texts.indexOf('4 A heading'));
});

test('two columns of short cells stay in their rows', () => {
  const rows = Array.from({ length: 8 }, (_, n) => [
    fragment(`bicycle ${n}`, 57, 100 + 14 * n, { width: 60 }),
    fragment(`${n} EUR`, 240, 100 + 14 * n, { width: 30 }),
  ]);
  assert.equal(textsOf(rows.flat())[0], 'bicycle 0 0 EUR');
});

test('text from the right to the left has spaces where its gaps are', () => {
  const letters = [...'גב א'].reverse();
  const line = letters
    .map((text, n) => ({ ...fragment(text, 100 + 6 * n, 100, { width: 6 }), isRightToLeft: true }))
    .filter(({ text }) => text !== ' ')
    .map(one => ({ ...one, isAfterSpace: one.text === 'ב' }));
  assert.deepEqual(textsOf(line), ['גב א']);
});
