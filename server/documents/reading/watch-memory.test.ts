import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchMemory } from './watch-memory.ts';

test('growth outside of the heap is noticed, once', { timeout: 20_000 }, async () => {
  let calls = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = watchMemory(64, () => {
    calls += 1;
    resolve();
  });
  // Filled, because untouched memory is not resident.
  const grown = Buffer.alloc(128 * 1024 * 1024, 1);
  await promise;
  await sleep(500);
  end();
  assert.equal(calls, 1);
  assert.equal(grown.length, 128 * 1024 * 1024);
});

test('a watch that has ended calls nobody', async () => {
  let calls = 0;
  watchMemory(-1, () => {
    calls += 1;
  })();
  await sleep(500);
  assert.equal(calls, 0);
});
