import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignClaim, createRarity } from './align-claim.ts';
import { isSupport } from './judge.ts';
import { readSource } from './read-source.ts';

const handbook =
  'Every employee has thirty days of vacation a year.  Unused days expire on 31 March 2025. ' +
  'Dr. Weber leads the Berlin office since 2019.\n\nThe cafeteria opens at 11:30. It does not serve dinner. ' +
  'Sales increased by 5 % to 1,200 euros.\n\n' +
  'model | battery | price\nA20 | 9 hours | 199 euros\nB30 | 12 hours | 299 euros\n';

/** The quote, and whether it supports the claim. */
function align(claim: string, text = handbook, context = ''): [quote: string, verified: boolean] {
  const source = readSource({ number: 1, text, context });
  const found = alignClaim(claim, source, createRarity([source]));
  assert.ok(found);
  return [text.slice(found.start, found.end), isSupport(found.features)];
}

const supported: [claim: string, quote: string][] = [
  ['Employees have 30 days of vacation.', 'Every employee has thirty days of vacation a year.'],
  ['Unused vacation expires on 2025-03-31.', 'Unused days expire on 31 March 2025.'],
  [
    'The Berlin office has been led by Dr. Weber since 2019.',
    'Dr. Weber leads the Berlin office since 2019.',
  ],
  ['The B30 costs 299 euros.', 'B30 | 12 hours | 299 euros'],
  ['Sales rose by five percent to 1200 €.', 'Sales increased by 5 % to 1,200 euros.'],
];
for (const [claim, quote] of supported)
  test(`is supported: ${claim}`, () => assert.deepEqual(align(claim), [quote, true]));

for (const claim of [
  'Employees have 28 days of vacation a year.',
  'Employees have thirty weeks of vacation a year.',
  'Employees have no thirty days of vacation a year.',
  'Unused days do not expire on 31 March 2025.',
  'The cafeteria serves dinner.',
  'Sales decreased by 5 % to 1,200 euros.',
  'The B30 costs 199 euros.',
  'Each office has a gym with a sauna.',
])
  test(`is not supported: ${claim}`, () => assert.equal(align(claim)[1], false));

test('two sentences that follow each other support what neither says alone', () => {
  const text = 'The tower is in Paris. Its height is 330 metres. Nobody lives there.';
  assert.deepEqual(align('The tower in Paris has a height of 330 metres.', text), [
    'The tower is in Paris. Its height is 330 metres.',
    true,
  ]);
});

test('German, Chinese and Arabic are compared by their own words', () => {
  const german = 'Die Angestellten haben dreißig Urlaubstage im Jahr. Der Drucker steht im Keller.';
  assert.deepEqual(align('Jeder Angestellte hat 30 Urlaubstage.', german)[1], true);
  assert.deepEqual(align('Der Drucker steht nicht im Keller.', german)[1], false);
  const chinese = '每位员工每年有三十天的假期。打印机在二楼。';
  assert.deepEqual(align('打印机在二楼', chinese), ['打印机在二楼。', true]);
  const arabic = 'لكل موظف ثلاثون يوما من الإجازة. الطابعة في الطابق الثاني.';
  assert.deepEqual(align('الطابعة في الطابق الثاني', arabic), ['الطابعة في الطابق الثاني.', true]);
});

test('what the headings say may be part of the claim', () => {
  const text = 'It lasts nine hours on one charge.';
  assert.equal(align('The Phoenix A20 lasts nine hours.', text)[1], false);
  assert.equal(align('The Phoenix A20 lasts nine hours.', text, 'Phoenix A20')[1], true);
});
