import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GenerateRequest, ModelEvent } from './language-model.ts';
import { type Emit, toLanguageModel } from './model-writer.ts';

const delta = (text: string): ModelEvent => ({ type: 'delta', text });
const finish: ModelEvent = { type: 'finish', reason: 'stop', usage: undefined };

/** Iterates over what `write` tells; `request` is what it was given. */
function start(write: (emit: Emit, request: GenerateRequest) => Promise<void>, signal?: AbortSignal) {
  const model = toLanguageModel({
    name: 'm',
    write: (request, emit) => write(emit, request),
    close: async () => {},
  });
  const request = { messages: [], maxTokens: 1, signal: signal ?? new AbortController().signal };
  return model.generate(request)[Symbol.asyncIterator]();
}

const untilAborted = ({ signal }: GenerateRequest) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('what comes before it is asked for is kept, in order', async () => {
  const events = start(async emit => {
    for (const text of ['a', 'b', 'c']) emit(delta(text));
    await Promise.resolve();
    emit(finish);
  });
  for (const text of ['a', 'b', 'c']) assert.deepEqual((await events.next()).value, delta(text));
  assert.deepEqual((await events.next()).value, finish);
  assert.equal((await events.next()).done, true);
});

test('an error comes after what was told before it, once', async () => {
  const events = start(async emit => {
    emit(delta('a'));
    throw new Error('broken');
  });
  assert.deepEqual((await events.next()).value, delta('a'));
  await assert.rejects(events.next(), /broken/);
  assert.equal((await events.next()).done, true);
});

test('it is over at finish: nobody waits for the end of the connection, or hears how that went', async () => {
  const connection = Promise.withResolvers<void>();
  const events = start(async emit => {
    emit(finish);
    await connection.promise;
  });
  assert.deepEqual((await events.next()).value, finish);
  assert.equal((await events.next()).done, true);
  connection.reject(new Error('reset'));
  await new Promise(setImmediate);
});

test('whoever leaves early aborts the writing, whoever leaves after finish does not', async () => {
  for (const isOver of [false, true]) {
    let given: AbortSignal | undefined;
    const events = start(async (emit, request) => {
      given = request.signal;
      emit(isOver ? finish : delta('a'));
      await untilAborted(request);
    });
    await events.next();
    await events.return?.();
    assert.equal(given?.aborted, !isOver);
    assert.equal((await events.next()).done, true);
  }
});

test('the reason of an abort is what is thrown', async () => {
  const stopping = new AbortController();
  const reason = new Error('stopped by its reader');
  const events = start((_, request) => untilAborted(request), stopping.signal);
  const next = events.next();
  stopping.abort(reason);
  await assert.rejects(next, reason);
});
