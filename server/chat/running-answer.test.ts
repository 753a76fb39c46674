import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamEvent } from '../../contract/chat.ts';
import { RunningAnswer } from './running-answer.ts';

const content = (text: string): StreamEvent => ({ type: 'content', content: text });
const done: StreamEvent = { type: 'done', message_id: 7, finish_reason: 'stop' };

async function readAll(answer: RunningAnswer, signal = new AbortController().signal): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const batch of answer.read(signal)) events.push(...batch);
  return events;
}

test('readers that come early, late and after the end see the same events, each once', async () => {
  const answer = new RunningAnswer(7);
  const early = readAll(answer);
  answer.append(content('a'));
  await new Promise(setImmediate);
  const late = readAll(answer);
  answer.append(content('b'));
  await new Promise(setImmediate);
  answer.append(done);
  const expected = [content('a'), content('b'), done];
  assert.deepEqual(await early, expected);
  assert.deepEqual(await late, expected);
  assert.deepEqual(await readAll(answer), expected);
  assert.equal(answer.content, 'ab');
});

test('what gathers while a reader is busy comes together', async () => {
  const answer = new RunningAnswer(7);
  const reading = answer.read(new AbortController().signal);
  answer.append(content('a'));
  assert.equal((await reading.next()).value?.length, 1);
  answer.append(content('b'));
  answer.append(done);
  assert.equal((await reading.next()).value?.length, 2);
  assert.equal((await reading.next()).done, true);
});

test('a reader that leaves ends its own reading only', async () => {
  const answer = new RunningAnswer(7);
  const leaving = new AbortController();
  const left = readAll(answer, leaving.signal);
  answer.append(content('a'));
  await new Promise(setImmediate);
  leaving.abort();
  assert.deepEqual(await left, [content('a')]);
  answer.append(done);
  assert.deepEqual(await readAll(answer), [content('a'), done]);
});
