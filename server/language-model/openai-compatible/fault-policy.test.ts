import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRetryAfterMs, retryDelayMs } from './fault-policy.ts';
import type { Fault } from './provider-fault.ts';

const nowMs = Date.parse('2026-07-29T12:00:00Z');

test('Retry-After is read as seconds or as an HTTP date', () => {
  assert.equal(parseRetryAfterMs('7', nowMs), 7000);
  assert.equal(parseRetryAfterMs(' 0.5 ', nowMs), 500);
  assert.equal(parseRetryAfterMs('Wed, 29 Jul 2026 12:00:03 GMT', nowMs), 3000);
  assert.equal(parseRetryAfterMs('Wed, 29 Jul 2026 11:00:00 GMT', nowMs), 0);
});

test('a Retry-After that is neither is as good as none', () => {
  for (const value of [undefined, '', 'soon', '-5', '1e3', '2026']) {
    assert.equal(parseRetryAfterMs(value, nowMs), value === '2026' ? 2_026_000 : undefined, String(value));
  }
});

const status = (code: number, retryAfterMs?: number): Fault => ({
  kind: 'status',
  status: code,
  detail: '',
  retryAfterMs,
});
const delayOf = (fault: Fault, retriesDone = 0, answered = false, random = () => 0.5) =>
  retryDelayMs({ fault, retriesDone, answered, retryBaseMs: 100, random });

test('a retry never comes before Retry-After, and at most one base later', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (afterMs, random) => {
        const delayMs = delayOf(status(429, afterMs), 0, false, () => random);
        assert.ok(delayMs !== undefined && delayMs >= afterMs && delayMs <= afterMs + 100);
      },
    ),
  );
});

test('jitter spreads the retries of many clients', () => {
  assert.notEqual(
    delayOf(status(429, 1000), 0, false, () => 0),
    delayOf(status(429, 1000), 0, false, () => 0.9),
  );
  assert.notEqual(
    delayOf(status(500), 0, false, () => 0),
    delayOf(status(500), 0, false, () => 0.9),
  );
});

test('the backoff doubles from retry to retry', () => {
  assert.equal(delayOf(status(503), 0), 75);
  assert.equal(delayOf(status(503), 1), 150);
});

test('there are at most two retries, and none for a Retry-After beyond ten seconds', () => {
  assert.equal(delayOf(status(429, 10), 2), undefined);
  assert.equal(delayOf(status(500), 2), undefined);
  assert.equal(delayOf(status(429, 10_001)), undefined);
});

test('only 429, 5xx and the network are worth a retry, and nothing is once text has been shown', () => {
  const network: Fault = { kind: 'network', detail: '' };
  const timeout: Fault = { kind: 'timeout', phase: 'first-token', limitMs: 1, detail: '' };
  for (const fault of [status(429), status(500), status(503), network]) {
    assert.ok(delayOf(fault) !== undefined);
    assert.equal(delayOf(fault, 0, true), undefined);
  }
  for (const fault of [
    status(400),
    status(401),
    status(403),
    status(404),
    timeout,
    { kind: 'malformed', detail: '' } as const,
  ]) {
    assert.equal(delayOf(fault), undefined);
  }
});
