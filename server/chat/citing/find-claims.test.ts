import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findClaims } from './find-claims.ts';

/** The claims with their markers, and the sources they cite. */
function claimsOf(answer: string, isWhole = true): [string, number[]][] {
  const markers = [...answer.matchAll(/\[(\d)\]/g)].map(({ index, 1: number }) => ({
    number: Number(number),
    start: index,
    end: index + 3,
  }));
  const { claims } = findClaims(answer, markers, { start: 0, isWhole });
  return claims.map(({ start, end, numbers }) => [answer.slice(start, end), numbers]);
}

const cases: [what: string, answer: string, claims: [string, number[]][]][] = [
  ['before the full stop', 'It has ten rooms [1]. It is red.', [['It has ten rooms [1]', [1]]]],
  ['after the full stop', 'It has ten rooms. [1] It is red.', [['It has ten rooms. [1]', [1]]]],
  ['several', 'It has ten rooms [1][2], [3].', [['It has ten rooms [1][2], [3]', [1, 2, 3]]]],
  [
    'each half of a sentence',
    'It has ten large rooms [1], and the roof is red [2].',
    [
      ['It has ten large rooms [1]', [1]],
      ['and the roof is red [2]', [2]],
    ],
  ],
  [
    'before what it says',
    'According to [1], it has ten rooms.',
    [['According to [1], it has ten rooms.', [1]]],
  ],
  ['in the middle', 'The ten large rooms [1] are all red.', [['The ten large rooms [1] are all red.', [1]]]],
  [
    'in a list',
    '1. Ten rooms [1]\n2. A red roof [2]\n- No cellar [1]',
    [
      ['Ten rooms [1]', [1]],
      ['A red roof [2]', [2]],
      ['No cellar [1]', [1]],
    ],
  ],
  ['Chinese', '这座房子有十个房间[1]。屋顶是红色的。', [['这座房子有十个房间[1]', [1]]]],
];
for (const [what, answer, claims] of cases)
  test(`markers ${what}: ${answer}`, () => {
    assert.deepEqual(claimsOf(answer), claims);
  });

test('a sentence that may go on is left for later', () => {
  assert.deepEqual(claimsOf('It has ten rooms [1]. It is red [2]', false), [['It has ten rooms [1]', [1]]]);
  assert.deepEqual(claimsOf('It has ten rooms. [1] (', false), []);
  assert.deepEqual(claimsOf('It has ten rooms [1]\n\nI', false), [['It has ten rooms [1]', [1]]]);
});
