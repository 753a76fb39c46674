import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrapInterval } from './bootstrap.ts';
import { percentile } from './percentile.ts';

test('the interval holds the mean, and is as wide as the normal approximation says', () => {
  const values = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 0 : 100));
  const [low, high] = bootstrapInterval(values);
  assert.ok(low < 75 && 75 < high);
  // ±1.96 × 43.3 / √400 = ±4.24
  assert.ok(Math.abs(high - low - 8.49) < 1, `${high - low}`);
});

test('the same values give the same interval, and equal ones a point', () => {
  assert.deepEqual(bootstrapInterval([1, 2, 5]), bootstrapInterval([1, 2, 5]));
  assert.deepEqual(bootstrapInterval([3, 3, 3]), [3, 3]);
});

test('a percentile is one of the values', () => {
  const values = [50, 10, 40, 20, 30];
  assert.deepEqual(
    [percentile(values, 0), percentile(values, 50), percentile(values, 95), percentile(values, 100)],
    [10, 30, 50, 50],
  );
});
