import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOffMs } from './back-off.ts';

test('the first restart is at once, further ones wait twice as long each, and never more than half a minute', () => {
  assert.deepEqual([1, 2, 3, 4, 5].map(backOffMs), [0, 500, 1_000, 2_000, 4_000]);
  assert.equal(backOffMs(9), 30_000);
  assert.equal(backOffMs(2_000), 30_000);
});
