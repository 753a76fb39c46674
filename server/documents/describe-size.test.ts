import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeSize } from './describe-size.ts';

test('a size is said in the unit that suits it', () => {
  const sizes = [0, 20, 9_999, 10_000, 262_144, 1_048_576, 5_242_880, 7_654_321, 3_221_225_472];
  assert.deepEqual(sizes.map(describeSize), [
    '0 bytes',
    '20 bytes',
    '9999 bytes',
    '9.8 KiB',
    '256 KiB',
    '1 MiB',
    '5 MiB',
    '7.3 MiB',
    '3072 MiB',
  ]);
});
