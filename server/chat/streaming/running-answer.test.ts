import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamEvent } from '../../../contract/chat.ts';
import type { NumberedEvent } from './answer-log.ts';
import { RunningAnswer } from './running-answer.ts';

const content = (text: string): StreamEvent => ({ type: 'content', content: text });
const done: StreamEvent = { type: 'done', message_id: 7, finish_reason: 'stop' };
const never = new AbortController().signal;

async function readAll(answer: RunningAnswer, after = 0, signal = never): Promise<NumberedEvent[]> {
  return (await readBatches(answer, after, signal)).flat();
}

async function readBatches(answer: RunningAnswer, after: number, signal = never) {
  const batches: NumberedEvent[][] = [];
  for await (const batch of answer.read(after, signal)) batches.push(batch);
  return batches;
}

const nextTurn = () => new Promise(setImmediate);

test('readers that come at different times read the same', async () => {
  const answer = new RunningAnswer(7);
  const early = readAll(answer);
  answer.append(content('a'));
  await nextTurn();
  const late = readAll(answer);
  answer.append(content('b'));
  await nextTurn();
  answer.append(done);
  assert.deepEqual(await early, [
    { sequence: 1, event: content('a') },
    { sequence: 2, event: content('b') },
    { sequence: 3, event: done },
  ]);
  assert.deepEqual(await late, await early);
  assert.deepEqual(await readAll(answer), [
    { sequence: 2, event: content('ab') },
    { sequence: 3, event: done },
  ]);
  assert.equal(answer.content, 'ab');
});

test('what gathers while a reader is busy comes together, and content in one event', async () => {
  const answer = new RunningAnswer(7);
  const reading = answer.read(0, never);
  answer.append(content('a'));
  assert.deepEqual((await reading.next()).value, [{ sequence: 1, event: content('a') }]);
  answer.append(content('b'));
  answer.append(content('c'));
  answer.append(done);
  assert.deepEqual((await reading.next()).value, [
    { sequence: 3, event: content('bc') },
    { sequence: 4, event: done },
  ]);
  assert.equal((await reading.next()).done, true);
});

test('readers at the same place share what they read', async () => {
  const answer = new RunningAnswer(7);
  answer.append(content('a'));
  const [one, other] = [answer.read(0, never), answer.read(0, never)];
  assert.equal((await one.next()).value, (await other.next()).value);
});

test('a reader that was away gets a long rest in parts', async () => {
  const answer = new RunningAnswer(7);
  for (let index = 0; index < 100; index += 1) answer.append(content('x'.repeat(1_000)));
  answer.append(done);
  const batches = await readBatches(answer, 500);
  assert.ok(batches.length >= 3);
  for (const batch of batches) assert.ok(JSON.stringify(batch).length < 40_000);
  const texts = batches.flat().map(({ event }) => (event.type === 'content' ? event.content : ''));
  assert.equal(texts.join('').length, 99_500);
});

test('a reader that leaves ends its own reading only', async () => {
  const answer = new RunningAnswer(7);
  const leaving = new AbortController();
  const left = readAll(answer, 0, leaving.signal);
  answer.append(content('a'));
  await nextTurn();
  leaving.abort();
  assert.deepEqual(await left, [{ sequence: 1, event: content('a') }]);
  answer.append(done);
  assert.equal((await readAll(answer)).length, 2);
});

test('the pace decides when readers are woken', async () => {
  const due: (() => void)[] = [];
  const answer = new RunningAnswer(7, wake => void due.push(wake));
  const reading = answer.read(0, never);
  const first = reading.next();
  await nextTurn();
  answer.append(content('a'));
  answer.append(content('b'));
  await nextTurn();
  assert.equal(due.length, 1);
  answer.append(content('c'));
  due[0]?.();
  assert.deepEqual((await first).value, [{ sequence: 3, event: content('abc') }]);
});
