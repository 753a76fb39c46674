import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findQuantities } from './find-quantities.ts';

const written: [text: string, values: string[][]][] = [
  ['1,000 and 1.000 and 1000', [['1000', '1'], ['1000', '1'], ['1000']]],
  ["1 000 000, 1'000, 1,234,567.89, 1.234.567,89", [['1000000'], ['1000'], ['1234567.89'], ['1234567.89']]],
  ['3.5 or 3,5 or 12.50', [['3.5'], ['3.5'], ['12.5']]],
  ['five of twenty-five, fünfundzwanzig, cinco', [['5'], ['25'], ['25'], ['5']]],
  ['no one has one', []],
  ['2 million, 2.5bn, three thousand, 3 Mio. Euro', [['2000000'], ['2500000000'], ['3000'], ['3000000']]],
  ['2023-05-17', [['2023'], ['month 5', '5'], ['17']]],
  ['17.05.2023', [['17', 'month 17'], ['month 5', '5'], ['2023']]],
  ['May 17, 2023', [['month 5'], ['17'], ['2023']]],
  ['17. Mai 2023', [['17'], ['month 5'], ['2023']]],
  ['17 de mayo de 2023', [['17'], ['month 5'], ['2023']]],
  ['You may leave', []],
  ['14:30 and 2:30 pm', [['14:30'], ['14:30']]],
  ['version 1.2.3 of 10.0.0.1', [['1.2.3'], ['10.0.0.1']]],
  ['room 007', [['007']]],
  ['the 10th century', [['10']]],
];
for (const [text, values] of written)
  test(`the numbers of ${JSON.stringify(text)}`, () => {
    const found = findQuantities(text);
    assert.deepEqual(
      found.map(quantity => quantity.values),
      values,
    );
  });

test('units in all their spellings', () => {
  const units = (text: string) => findQuantities(text).map(({ unit }) => unit?.name);
  assert.deepEqual(units('5 %, 5%, 5 percent, five per cent, 5 Prozent'), Array(5).fill('percent'));
  assert.deepEqual(units('€5, 5 EUR, EUR 5, 5 Euro'), Array(4).fill('euro'));
  assert.deepEqual(units('30 days, a 30-day stay, 30 Tage'), ['day', undefined, 'day'].with(1, 'day'));
  assert.deepEqual(units('2 million dollars and 3 apples'), ['dollar', undefined]);
});

test('offsets lead to what is written', () => {
  const text = 'In 2019 sales grew by 5 % to 2 million euros.';
  const cut = findQuantities(text).map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(cut, ['2019', '5', '2 million']);
});
