import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { ForegroundFirst } from './foreground-first.ts';

/** A pool of one client in order of arrival, as that of the embedded database. */
function fakePool(): PostgresPool & { ended: number } {
  let free = Promise.resolve();
  const pool = {
    options: {},
    ended: 0,
    async connect(): Promise<PostgresPoolClient> {
      const before = free;
      const { promise, resolve } = Promise.withResolvers<void>();
      free = promise;
      await before;
      // Nothing here asks it anything.
      return Object.create(null, { query: { value: assert.fail }, release: { value: resolve } });
    },
    async end() {
      pool.ended += 1;
    },
  };
  return pool;
}

const hold = async (pool: PostgresPool, what: string, log: string[], ms = 0) => {
  const client = await pool.connect();
  log.push(what);
  await sleep(ms);
  client.release();
};

test('what people wait for goes ahead of background work that waits', async () => {
  const { foreground, background } = new ForegroundFirst(fakePool());
  const log: string[] = [];
  const first = hold(background, 'background 1', log, 20);
  await sleep(5);
  const others = [hold(background, 'background 2', log), hold(background, 'background 3', log)];
  const question = async () => {
    for (const statement of [1, 2, 3]) await hold(foreground, `question ${statement}`, log, 1);
  };
  await Promise.all([first, ...others, question()]);
  assert.deepEqual(log, [
    'background 1',
    'question 1',
    'question 2',
    'question 3',
    'background 2',
    'background 3',
  ]);
});

test('background work gets its turn however busy the foreground is', { timeout: 20_000 }, async () => {
  const { foreground, background } = new ForegroundFirst(fakePool());
  const log: string[] = [];
  const over = new AbortController();
  const busy = async () => {
    while (!over.signal.aborted) await hold(foreground, 'question', [], 2);
  };
  const running = [busy(), busy()];
  await hold(background, 'background', log);
  over.abort();
  await Promise.all(running);
  assert.deepEqual(log, ['background']);
});

test('a connection that fails holds up nobody, and the pool is ended once', async () => {
  const pool = fakePool();
  const { foreground, background } = new ForegroundFirst({
    ...pool,
    connect: () => Promise.reject(new Error('away')),
  });
  for (const one of [background, foreground, background]) await assert.rejects(one.connect(), /away/);
  await background.end();
  assert.equal(pool.ended, 0);
});
