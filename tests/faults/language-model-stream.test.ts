import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../fakes/language-model-server.ts';
import {
  apiKey,
  ask,
  askScripted,
  delta,
  event,
  fake,
  finished,
  finishOf,
  startModel,
} from './language-model-rig.ts';

const usageOf = (promptTokens: number, completionTokens: number) => ({
  promptTokens,
  completionTokens,
  reasoningTokens: undefined,
});

test('the request streams, asks for usage and carries the key; the answer arrives with its usage', async () => {
  const outcome = await askScripted(answer('A desk for reading.'));
  assert.equal(outcome.text, 'A desk for reading.');
  assert.deepEqual(finishOf(outcome), { ...finished, usage: usageOf(4, 4) });
  const [request] = fake.requests;
  assert.equal(request?.headers.authorization, `Bearer ${apiKey}`);
  const { model, messages, max_tokens, stream, stream_options } = request?.body ?? {};
  assert.deepEqual(
    { model, max_tokens, stream, stream_options },
    { model: 'fake-model', max_tokens: 50, stream: true, stream_options: { include_usage: true } },
  );
  assert.deepEqual(messages, [{ role: 'user', content: 'What is a lectern?' }]);
  assert.ok(!('temperature' in (request?.body ?? {})));
});

test('without an API key no authorization is sent', async () => {
  assert.equal((await ask(startModel({ apiKey: '' }))).error, undefined);
  assert.equal(fake.requests[0]?.headers.authorization, undefined);
});

test('questions one after the other share connections', async () => {
  const model = startModel();
  const acceptedBefore = fake.acceptedConnections();
  for (let asked = 0; asked < 10; asked += 1) finishOf(await ask(model));
  // Two rather than one: the client frees a connection one turn of the event loop after the answer's end.
  assert.ok(fake.acceptedConnections() - acceptedBefore <= 2);
});

test("Groq's own place for usage is read", async () => {
  const outcome = await askScripted(answer('One two three', { usage: 'x_groq' }));
  assert.deepEqual(finishOf(outcome), { ...finished, usage: usageOf(4, 3) });
});

test('a provider that reports no usage, or a senseless one, still answers', async () => {
  assert.deepEqual(finishOf(await askScripted(answer('Hi', { usage: 'none' }))), finished);
  const senseless = { usage: { prompt_tokens: 'many' }, choices: [{ index: 0, delta: { content: 'Hi' } }] };
  const outcome = await askScripted({ kind: 'raw', parts: [event(senseless), delta('', 'stop')] });
  assert.equal(outcome.text, 'Hi');
  assert.deepEqual(finishOf(outcome), finished);
});

test('usage reported before the last chunk is kept', async () => {
  const usage = event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 1 } });
  const outcome = await askScripted({ kind: 'raw', parts: [usage, delta('Hi', 'stop'), 'data: [DONE]\n\n'] });
  assert.deepEqual(finishOf(outcome), { ...finished, usage: usageOf(3, 1) });
});

test('the reasons length and content_filter are told apart', async () => {
  for (const reason of ['length', 'content_filter'] as const) {
    const finish = finishOf(await askScripted(answer('Hi', { finishReason: reason, usage: 'none' })));
    assert.deepEqual(finish, { type: 'finish', reason, usage: undefined });
  }
});

test('a ZWJ emoji split byte by byte arrives whole', async () => {
  const family = '👩‍👩‍👧‍👦 und 🏳️‍🌈';
  const outcome = await askScripted(answer(family, { byteByByte: true }));
  assert.equal(outcome.text, family);
});

test('no delta ends in half a surrogate pair when the provider splits an emoji between two chunks', async () => {
  const tokens = ['a\ud83d', '\ude00b'];
  const outcome = await askScripted({ kind: 'answer', tokens, tokensPerSecond: 20 });
  assert.equal(outcome.text, 'a😀b');
  for (const each of outcome.events) assert.ok(each.type !== 'delta' || each.text.isWellFormed());
});

test('reasoning, null content, empty choices, comments and unknown fields are passed over', async () => {
  const parts = [
    ': keep-alive\n\n',
    event({ choices: [{ index: 0, delta: { role: 'assistant', reasoning_content: 'Hmm.' } }] }),
    event({ choices: [{ index: 0, delta: { reasoning: 'Hmm.' } }] }),
    delta(null),
    event({ choices: [] }),
    event({ ping: true }),
    delta('Yes'),
    'nonsense: field\n',
    delta('', 'stop'),
    'data: [DONE]\n\n',
  ];
  const outcome = await askScripted({ kind: 'raw', parts });
  assert.equal(outcome.text, 'Yes');
  assert.deepEqual(finishOf(outcome), finished);
});

// Streams that break the rules

test('a missing [DONE] does no harm once a finish reason was seen, however the stream ends', async () => {
  for (const next of ['end', 'cut'] as const) {
    const outcome = await askScripted({ kind: 'raw', parts: [delta('Yes'), delta('', 'stop')], next });
    assert.equal(outcome.text, 'Yes');
    assert.deepEqual(finishOf(outcome), finished);
  }
  // What is missing isn't worth the silence timeout of eight seconds.
  const outcome = await askScripted({ kind: 'raw', parts: [delta('Yes', 'stop')], next: 'hang' });
  assert.deepEqual(finishOf(outcome), finished);
  assert.ok(outcome.tookMs < 6_000);
});

test('a last event without its blank line counts', async () => {
  assert.deepEqual(
    finishOf(await askScripted({ kind: 'raw', parts: [delta('Yes'), delta('', 'stop').trimEnd()] })),
    finished,
  );
});

test('a stream that ends without finish reason and [DONE] is an interruption; its part is kept', async () => {
  const outcome = await askScripted(answer('Half an answer', { after: { tokens: 2, next: 'end' } }));
  assert.equal(outcome.text, 'Half an');
  assert.equal(outcome.error?.code, 'language_model_interrupted');
  assert.equal(fake.requests.length, 1);
});

test('an event cut off before the first token is a lost connection, which is worth a retry', async () => {
  assert.equal((await askScripted({ kind: 'raw', parts: ['data: {"choi'] }, answer('Yes'))).text, 'Yes');
});

test('broken JSON before the first token is an unreadable reply, after it an interruption', async () => {
  const before = await askScripted({ kind: 'raw', parts: ['data: {"choices":[{"de\n\n'], next: 'hang' });
  assert.equal(before.error?.code, 'language_model_unavailable');
  const later = await askScripted({
    kind: 'raw',
    parts: [delta('Yes'), 'data: {"choices":[{"de\n\n'],
    next: 'hang',
  });
  assert.equal(later.text, 'Yes');
  assert.equal(later.error?.code, 'language_model_interrupted');
  assert.equal(fake.requests.length, 2);
});

test('an error object inside a 200 stream is told like the status it names', async () => {
  const streamed = (error: unknown) => answer('x', { after: { tokens: 0, next: { error } } });
  const rejected = await askScripted(streamed({ message: 'context too long', code: 400 }));
  assert.equal(rejected.error?.code, 'language_model_rejected');
  assert.match(rejected.error?.message ?? '', /context too long/);
  const limited = streamed({ message: 'slow down', code: 'rate_limit_exceeded' });
  assert.equal((await askScripted(limited, limited, limited)).error?.code, 'language_model_rate_limited');
  assert.equal((await askScripted(streamed('overloaded'), answer('Yes'))).text, 'Yes');
});

test('an error object after the first token is an interruption', async () => {
  const outcome = await askScripted(
    answer('Yes but no', { after: { tokens: 1, next: { error: { message: 'x', code: 500 } } } }),
  );
  assert.equal(outcome.text, 'Yes');
  assert.equal(outcome.error?.code, 'language_model_interrupted');
});

test('a plain JSON 200 with an error, and a page instead of an API, are errors', async () => {
  const json = await askScripted({
    kind: 'raw',
    parts: ['{"error":{"message":"no such model","code":404}}'],
    contentType: 'application/json',
  });
  assert.equal(json.error?.code, 'language_model_rejected');
  assert.match(json.error?.message ?? '', /no such model/);
  const page = await askScripted({ kind: 'raw', parts: ['<html>Welcome</html>'], contentType: 'text/html' });
  assert.equal(page.error?.code, 'language_model_unavailable');
  assert.match(page.error?.message ?? '', /LLM_BASE_URL/);
});

for (const contentType of ['text/event-stream', 'application/json']) {
  test(`a 10 MB line of ${contentType} is refused, and of a 200 MB line only the beginning is read`, async () => {
    const small = await askScripted({ kind: 'huge-line', sizeBytes: 10e6, contentType });
    assert.equal(small.error?.code, 'language_model_unavailable');
    fake.requests.length = 0;
    const large = await askScripted({ kind: 'huge-line', sizeBytes: 200e6, contentType });
    assert.equal(large.error?.code, 'language_model_unavailable');
    assert.equal(await fake.requests[0]?.closed, 'aborted');
    // 1 MB is kept; the rest is what the kernel's socket buffers take in the meantime.
    assert.ok((fake.requests[0]?.bytesSent() ?? Infinity) < 40e6);
    assert.equal(fake.requests.length, 1);
  });
}
