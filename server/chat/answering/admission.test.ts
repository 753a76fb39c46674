import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Admission } from './admission.ts';

const never = new AbortController().signal;
const nextTurn = () => new Promise(setImmediate);

test('as many as there are places enter, the others in their order when one leaves', async () => {
  const admission = new Admission(2);
  const entered: number[] = [];
  const leave = new Map<number, () => void>();
  const enter = async (number: number) => {
    leave.set(number, await admission.enter(never));
    entered.push(number);
  };
  const all = [1, 2, 3, 4].map(enter);
  await nextTurn();
  assert.deepEqual(entered, [1, 2]);
  leave.get(2)?.();
  leave.get(2)?.();
  await nextTurn();
  assert.deepEqual(entered, [1, 2, 3]);
  leave.get(1)?.();
  leave.get(3)?.();
  await Promise.all(all);
  leave.get(4)?.();
  await admission.enter(never);
  await admission.enter(never);
});

test('one that gives up waiting takes nobody’s place', async () => {
  const admission = new Admission(1);
  const leave = await admission.enter(never);
  const leaving = new AbortController();
  const given = assert.rejects(admission.enter(leaving.signal), /gave up/);
  const next = admission.enter(never);
  leaving.abort(new Error('gave up'));
  await given;
  leave();
  (await next)();
  (await admission.enter(never))();
  await assert.rejects(admission.enter(leaving.signal), /gave up/);
});

test('a question is refused when those before it would take longer than it may wait', async () => {
  const admission = new Admission(1, () => 20);
  admission.expect()();
  for (let count = 0; count < 30; count += 1) {
    const leave = await admission.enter(never);
    await delay(5);
    leave();
  }
  const leave = await admission.enter(never);
  const waiting = Array.from({ length: 10 }, () => admission.enter(never));
  assert.throws(() => admission.expect(), { code: 'overloaded' });
  leave();
  for (const one of waiting) (await one)();
  admission.expect()();
});

test('those that come at the same moment count before any of them waits', async () => {
  const admission = new Admission(1, () => 20);
  for (let count = 0; count < 30; count += 1) {
    const leave = await admission.enter(never);
    await delay(5);
    leave();
  }
  const arrived: (() => void)[] = [];
  const expectAll = () => {
    for (let count = 0; count < 100; count += 1) arrived.push(admission.expect());
  };
  assert.throws(expectAll, { code: 'overloaded' });
  assert.ok(arrived.length > 0);
  for (const one of arrived.splice(0)) {
    one();
    one();
  }
  assert.throws(expectAll, { code: 'overloaded' });
  assert.ok(arrived.length > 0, 'those that did not come do not count');
});
