import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pino } from 'pino';
import { RateLimiter } from './rate-limiter.ts';
import type { Spent, Total } from './spending-store.ts';

const logger = pino({ level: 'silent' });

/** What addSpent does, in memory. */
function createStore() {
  const spent = new Map<string, number>();
  const store = {
    settlements: 0,
    async settle(rows: Spent[]): Promise<Total[]> {
      store.settlements += 1;
      return rows.map(({ limitName, subject, windowStartMs, amount }) => {
        const key = JSON.stringify([limitName, subject, windowStartMs]);
        spent.set(key, (spent.get(key) ?? 0) + amount);
        return { limitName, subject, windowStartMs, spent: spent.get(key) ?? 0 };
      });
    },
  };
  return store;
}

const policies = (limit: number) => ({ requests: { limit, windowSeconds: 60 } });

test('alone, exactly the limit passes in a window, and the next window begins anew', async () => {
  let nowMs = 1_000_000_000_000;
  const limiter = new RateLimiter({ policies: policies(3), settle: undefined, logger, now: () => nowMs });
  const spend = () => limiter.spend('address 192.0.2.1', 'requests');
  assert.deepEqual(
    [(await spend())?.remaining, (await spend())?.remaining, (await spend())?.remaining],
    [2, 1, 0],
  );
  const refused = await spend();
  assert.equal(refused?.isAllowed, false);
  assert.equal(refused?.resetSeconds, 20);
  assert.equal((await limiter.spend('address 192.0.2.2', 'requests'))?.isAllowed, true);
  assert.equal(await limiter.spend('address 192.0.2.1', 'uploads'), undefined);
  nowMs += 20_000;
  assert.equal((await spend())?.isAllowed, true);
});

test('several processes together let the limit through, and on top at most what each may hold unsettled', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 16 }),
      fc.infiniteStream(fc.nat()),
      async (limit, processes, choices) => {
        const store = createStore();
        const now = () => 1_000_000_000_000;
        const limiters = Array.from(
          { length: processes },
          () => new RateLimiter({ policies: policies(limit), settle: store.settle, logger, now }),
        );
        let allowed = 0;
        for (const choice of choices.take(2 * limit + 10 * processes)) {
          const verdict = await limiters[choice % processes]?.spend('address 192.0.2.1', 'requests');
          if (verdict?.isAllowed) allowed += 1;
        }
        for (const limiter of limiters) await limiter.close();
        const mostHeld = Math.max(1, Math.floor(limit / 16));
        assert.ok(allowed <= limit + (processes - 1) * mostHeld, `${allowed} of ${limit}`);
        assert.ok(allowed >= Math.min(limit, 1));
      },
    ),
    { numRuns: 50 },
  );
});

test('thousands of requests below the limit are settled in a few statements', async () => {
  const store = createStore();
  const limiter = new RateLimiter({ policies: policies(100_000), settle: store.settle, logger });
  await Promise.all(Array.from({ length: 10_000 }, () => limiter.spend('address 192.0.2.1', 'requests')));
  await limiter.close();
  assert.ok(store.settlements <= 3, `${store.settlements}`);
});

test('while the database is away each process goes on by what it knows, and shares it later', async () => {
  const store = createStore();
  let isAway = true;
  const settle = (rows: Spent[]) => (isAway ? Promise.reject(new Error('away')) : store.settle(rows));
  const limiter = new RateLimiter({ policies: policies(10), settle, logger });
  const verdicts: (boolean | undefined)[] = [];
  for (let count = 0; count < 12; count += 1)
    verdicts.push((await limiter.spend('address 192.0.2.1', 'requests'))?.isAllowed);
  assert.deepEqual(verdicts.filter(Boolean).length, 10);
  isAway = false;
  await limiter.close();
  const other = new RateLimiter({ policies: policies(10), settle: store.settle, logger });
  assert.equal((await other.spend('address 192.0.2.1', 'requests'))?.isAllowed, true);
  assert.equal((await other.spend('address 192.0.2.1', 'requests'))?.isAllowed, false);
  await other.close();
});

test('what is charged afterwards may go beyond the limit, and then nothing is left', () => {
  const limiter = new RateLimiter({
    policies: { tokens: { limit: 100, windowSeconds: 86_400 } },
    settle: undefined,
    logger,
  });
  limiter.charge('address 192.0.2.1', 'tokens', 99);
  assert.equal(limiter.look('address 192.0.2.1', 'tokens')?.isAllowed, true);
  limiter.charge('address 192.0.2.1', 'tokens', 50);
  assert.deepEqual(limiter.look('address 192.0.2.1', 'tokens')?.isAllowed, false);
  assert.equal(limiter.look('address 192.0.2.1', 'tokens')?.remaining, 0);
});
