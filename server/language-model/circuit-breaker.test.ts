import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CircuitBreaker, type Permit } from './circuit-breaker.ts';

const limits = { failures: 5, windowMs: 30_000, coolDownMs: 15_000 };
let nowMs: number;
let breaker: CircuitBreaker;
let changes: boolean[];
beforeEach(() => {
  nowMs = 1_000;
  changes = [];
  breaker = new CircuitBreaker(
    limits,
    isOpen => changes.push(isOpen),
    () => nowMs,
  );
});

function enter(): Permit {
  const permit = breaker.enter();
  assert.ok('end' in permit, 'the call is refused');
  return permit;
}

function call(how: 'succeeded' | 'failed' | 'began'): void {
  const permit = enter();
  permit[how]();
  permit.end();
}

const fail = (times: number) => {
  for (let time = 0; time < times; time += 1) call('failed');
};

function refusal(): number {
  const refused = breaker.enter();
  assert.ok('retryAfterMs' in refused, 'the call is let through');
  return refused.retryAfterMs;
}

test('five failures in a row open it, and it says how long', () => {
  fail(4);
  assert.equal(breaker.isOpen, false);
  fail(1);
  assert.equal(breaker.isOpen, true);
  assert.equal(refusal(), 15_000);
  nowMs += 14_000;
  assert.equal(refusal(), 1_000);
});

test('a success between them starts the count anew, a call that was stopped does not', () => {
  fail(4);
  call('succeeded');
  fail(4);
  assert.equal(breaker.isOpen, false);
  enter().end();
  call('began');
  fail(1);
  assert.equal(breaker.isOpen, true);
});

test('failures further apart than the window do not open it', () => {
  for (let count = 0; count < 20; count += 1) {
    call('failed');
    nowMs += 8_000;
  }
  assert.equal(breaker.isOpen, false);
});

test('after the cool-down one call tries and the others wait; its beginning lets all through', () => {
  fail(5);
  nowMs += 15_000;
  const trial = enter();
  assert.equal(refusal(), 1_000);
  trial.began();
  call('succeeded');
  trial.succeeded();
  trial.end();
  fail(4);
  assert.deepEqual(changes, [true, false]);
});

test('a trial that fails opens it for another cool-down', () => {
  fail(5);
  nowMs += 15_000;
  call('failed');
  assert.equal(refusal(), 15_000);
  assert.deepEqual(changes, [true]);
});

test('what began and then broke off opens it again at once', () => {
  fail(5);
  nowMs += 15_000;
  const trial = enter();
  trial.began();
  trial.failed();
  trial.end();
  assert.equal(refusal(), 15_000);
});

test('a trial that was stopped leaves the next call to try', () => {
  fail(5);
  nowMs += 15_000;
  enter().end();
  const next = enter();
  assert.equal(refusal(), 1_000);
  next.end();
});

test('calls that were under way when it opened do not put off the trial', () => {
  const underWay = enter();
  fail(5);
  nowMs += 10_000;
  underWay.failed();
  underWay.end();
  assert.equal(refusal(), 5_000);
});

test('with a limit of none it never opens', () => {
  breaker = new CircuitBreaker({ ...limits, failures: 0 });
  fail(50);
  assert.equal(breaker.isOpen, false);
});
