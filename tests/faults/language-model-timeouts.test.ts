import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { answer } from '../fakes/language-model-server.ts';
import {
  ask,
  delta,
  drain,
  event,
  fake,
  generate,
  logLines,
  startModel,
  waitForRequest,
  waitUntil,
} from './language-model-rig.ts';

// Timeouts: the other two limits are so long that only the right one can explain the time

test('a connection that never stands runs into the connect timeout', async t => {
  // Accepts, then says nothing to the TLS greeting.
  const silent = createServer(socket => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await once(silent, 'listening');
  const address = silent.address();
  assert.ok(address && typeof address === 'object');
  const outcome = await ask(
    startModel({ baseUrl: `https://127.0.0.1:${address.port}/v1`, timeouts: { connectMs: 100 } }),
  );
  assert.equal(outcome.error?.code, 'language_model_timeout');
  assert.match(outcome.error?.message ?? '', /could not be reached within 0\.1 seconds/);
  assert.ok(outcome.tookMs < 5_000);
});

for (const kind of ['hang-before-headers', 'hang-after-headers'] as const) {
  test(`${kind}: runs into the first token timeout and closes the connection`, async () => {
    fake.script({ kind });
    const outcome = await ask(startModel({ timeouts: { firstTokenMs: 80 } }));
    assert.equal(outcome.error?.code, 'language_model_timeout');
    assert.match(outcome.error?.message ?? '', /did not start to answer within 0\.08 seconds/);
    assert.ok(outcome.tookMs >= 75 && outcome.tookMs < 5_000);
    assert.equal(await fake.requests[0]?.closed, 'aborted');
    assert.equal(fake.requests.length, 1);
  });
}

test('comments that keep the connection open do not put off the first token timeout', async t => {
  const parts = Array.from({ length: 5 }, () => ': keep-alive\n\n');
  fake.script({ kind: 'raw', parts: [...parts, event({ choices: [] }), delta('')], next: 'hang' });
  const outcome = await ask(startModel({ timeouts: { firstTokenMs: 80 } }));
  assert.match(outcome.error?.message ?? '', /did not start to answer/);
  t.diagnostic(`${Math.round(outcome.tookMs)} ms`);
});

test('reasoning is a sign of life: after it the silence timeout counts', async () => {
  const thinking = event({ choices: [{ index: 0, delta: { reasoning_content: 'Hmm.' } }] });
  fake.script({ kind: 'raw', parts: [thinking], next: 'hang' });
  const outcome = await ask(startModel({ timeouts: { firstTokenMs: 150, silenceMs: 400 } }));
  assert.match(outcome.error?.message ?? '', /fell silent for 0\.4 seconds/);
});

test('silence after some tokens runs into the silence timeout; the part is kept', async () => {
  fake.script(answer('Half an answer', { after: { tokens: 2, next: 'hang' } }));
  const outcome = await ask(startModel({ timeouts: { silenceMs: 80 } }));
  assert.equal(outcome.text, 'Half an');
  assert.equal(outcome.error?.code, 'language_model_timeout');
  assert.match(outcome.error?.message ?? '', /fell silent for 0\.08 seconds/);
  assert.ok(outcome.tookMs < 5_000);
  assert.equal(await fake.requests[0]?.closed, 'aborted');
  assert.equal(fake.requests.length, 1);
});

test('an answer may take longer than the silence timeout as a whole', async () => {
  fake.script(answer('a b c d e f g h i j k l', { tokensPerSecond: 20 }));
  const outcome = await ask(startModel({ timeouts: { firstTokenMs: 300, silenceMs: 300 } }));
  assert.equal(outcome.error, undefined);
  assert.ok(outcome.tookMs > 400);
});

test("a reader that takes its time is not the provider's silence", async () => {
  fake.script(answer('a b c d', { tokensPerSecond: 20 }));
  let text = '';
  let pauses = 0;
  for await (const each of generate(startModel({ timeouts: { silenceMs: 200 } }))) {
    if (each.type === 'delta') text += each.text;
    // At the second token: from then on the silence timeout is the one that counts.
    if (text.startsWith('a b') && pauses++ === 0) await delay(500);
  }
  assert.equal(text, 'a b c d');
});

test('aborting closes the connection at once and throws the reason, before and after the first token', async () => {
  for (const behaviour of [
    { kind: 'hang-before-headers' },
    answer('a b', { after: { tokens: 1, next: 'hang' } }),
  ] as const) {
    fake.requests.length = 0;
    fake.script(behaviour);
    const stopping = new AbortController();
    const reason = new Error('stopped by the user');
    const startedMs = performance.now();
    const running = (async () => {
      for await (const each of generate(startModel(), { signal: stopping.signal }))
        if (each.type === 'delta') stopping.abort(reason);
    })();
    if (behaviour.kind !== 'answer') void waitForRequest().then(() => stopping.abort(reason));
    await assert.rejects(running, reason);
    assert.equal(await fake.requests[0]?.closed, 'aborted');
    assert.ok(performance.now() - startedMs < 5_000);
    assert.equal(fake.requests.length, 1);
  }
});

test('aborting ends the wait for a retry', async () => {
  fake.script({ kind: 'status', status: 429, headers: { 'retry-after': '9' } });
  const stopping = new AbortController();
  const reason = new Error('stopped');
  const startedMs = performance.now();
  const linesBefore = logLines.length;
  const running = drain(stopping.signal);
  await waitUntil(() => logLines.length > linesBefore);
  stopping.abort(reason);
  await assert.rejects(running, reason);
  assert.ok(performance.now() - startedMs < 5_000);
  assert.equal(fake.requests.length, 1);
});

test('an aborted signal asks nothing', async () => {
  await assert.rejects(drain(AbortSignal.abort(new Error('too late'))), /too late/);
  assert.equal(fake.requests.length, 0);
});

test('leaving the loop closes the connection', async () => {
  fake.script(answer('a b', { after: { tokens: 1, next: 'hang' } }));
  for await (const each of generate(startModel())) {
    if (each.type === 'delta') break;
  }
  assert.equal(await fake.requests[0]?.closed, 'aborted');
});

test('close ends answers that still run, without a retry', async () => {
  fake.script({ kind: 'hang-before-headers' });
  const model = startModel();
  const running = ask(model);
  await waitForRequest();
  const linesBefore = logLines.length;
  await model.close();
  assert.equal((await running).error?.code, 'language_model_unavailable');
  assert.ok(!logLines.slice(linesBefore).some(line => line.includes('language-model-retried')));
  assert.equal(fake.requests.length, 1);
});
