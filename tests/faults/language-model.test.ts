import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { apiKey, ask, askScripted, fake, logLines, startModel } from './language-model-rig.ts';

for (const status of [401, 403]) {
  test(`${status} says which setting to check, is not retried and keeps the key to itself`, async () => {
    const outcome = await askScripted({
      kind: 'status',
      status,
      body: { error: { message: `bad key ${apiKey}` } },
    });
    assert.equal(outcome.error?.code, 'language_model_unauthorised');
    assert.equal(outcome.error?.retryable, false);
    assert.match(outcome.error?.message ?? '', /GROQ_API_KEY or LLM_API_KEY/);
    assert.equal(fake.requests.length, 1);
  });
}

test('another 4xx gives the words of the provider, cut to 300 characters, without the key', async () => {
  const message = `no ${apiKey} ${encodeURIComponent(apiKey)} ${'x'.repeat(280)}${apiKey}${'y'.repeat(500)}`;
  const outcome = await askScripted({ kind: 'status', status: 422, body: { error: { message } } });
  assert.equal(outcome.error?.code, 'language_model_rejected');
  assert.equal(outcome.error?.retryable, false);
  const words = outcome.error?.message.replace(/^[^:]*: /, '') ?? '';
  assert.match(words, /^no \[API key\] \[API key\] x+/);
  assert.equal(words.length, 300);
  assert.ok(!/SECRET/.test(words));
  assert.equal(fake.requests.length, 1);
});

test('an error that is not JSON is told in its own words', async () => {
  const headers = { 'content-type': 'text/plain' };
  const outcome = await askScripted({ kind: 'status', status: 404, headers, body: 'model missing\n' });
  assert.equal(outcome.error?.code, 'language_model_rejected');
  assert.match(outcome.error?.message ?? '', /model missing$/);
});

test('5xx and a lost connection before the first token are retried twice', async () => {
  const outcome = await askScripted(
    { kind: 'status', status: 500 },
    { kind: 'cut-before-headers' },
    answer('Yes'),
  );
  assert.equal(outcome.text, 'Yes');
  assert.equal(fake.requests.length, 3);
});

test('after two retries of 5xx or a lost connection it is unavailable', async () => {
  const broken = { kind: 'status', status: 502, body: '<html>Bad gateway</html>' } as const;
  const cut = { kind: 'cut-before-headers' } as const;
  for (const behaviour of [broken, cut]) {
    fake.requests.length = 0;
    const outcome = await askScripted(behaviour, behaviour, behaviour);
    assert.equal(outcome.error?.code, 'language_model_unavailable');
    assert.equal(outcome.error?.retryable, true);
    assert.equal(fake.requests.length, 3);
  }
});

test('a provider that nobody listens for is unavailable', async () => {
  const gone = await startFakeLanguageModel();
  await gone.close();
  const outcome = await ask(startModel({ baseUrl: gone.baseUrl }));
  assert.equal(outcome.error?.code, 'language_model_unavailable');
});

test('a connection lost after the first token is an interruption, never a retry', async () => {
  const outcome = await askScripted(answer('Half an answer', { after: { tokens: 2, next: 'cut' } }));
  assert.equal(outcome.text, 'Half an');
  assert.equal(outcome.error?.code, 'language_model_interrupted');
  assert.equal(outcome.error?.retryable, true);
  assert.equal(fake.requests.length, 1);
});

test('429 waits as long as Retry-After says, in seconds or as a date', async () => {
  await askScripted({ kind: 'status', status: 429, headers: { 'retry-after': '0.3' } }, answer('Yes'));
  const [first, second] = fake.requests;
  assert.ok((second?.receivedMs ?? 0) - (first?.receivedMs ?? 0) >= 295);
  fake.requests.length = 0;
  // Whole seconds: a date two seconds ahead is at least one second away.
  const date = new Date(Date.now() + 2000).toUTCString();
  await askScripted({ kind: 'status', status: 429, headers: { 'retry-after': date } }, answer('Yes'));
  const [third, fourth] = fake.requests;
  assert.ok((fourth?.receivedMs ?? 0) - (third?.receivedMs ?? 0) >= 900);
});

test('429 three times is rate limited, with the seconds that the provider named', async () => {
  const limited = (seconds: string) =>
    ({ kind: 'status', status: 429, headers: { 'retry-after': seconds } }) as const;
  const outcome = await askScripted(limited('0'), limited('0'), limited('7'));
  assert.equal(outcome.error?.code, 'language_model_rate_limited');
  assert.equal(outcome.error?.retryable, true);
  assert.equal(outcome.error?.retryAfterSeconds, 7);
  assert.equal(fake.requests.length, 3);
});

test('a Retry-After of an hour is an error right away', async () => {
  const outcome = await askScripted({ kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
  assert.equal(outcome.error?.code, 'language_model_rate_limited');
  assert.equal(outcome.error?.retryAfterSeconds, 3600);
  assert.equal(fake.requests.length, 1);
});

test('the API key is in no log line and no error, also when the provider echoes it', async () => {
  const encoded = Buffer.from(apiKey).toString('base64');
  const body = { error: { message: `key ${apiKey}, ${encodeURIComponent(apiKey)}, ${encoded}` } };
  const outcomes = [
    await askScripted({ kind: 'status', status: 401, body }),
    await askScripted({ kind: 'status', status: 401, body: `Bearer ${apiKey}` }),
    await askScripted(
      { kind: 'status', status: 503, body },
      { kind: 'status', status: 429, body },
      { kind: 'status', status: 400, body },
    ),
    await askScripted(answer('x', { after: { tokens: 0, next: { error: { ...body.error, code: 400 } } } })),
    await askScripted({ kind: 'raw', parts: [`HTTP ${apiKey}`], contentType: 'text/html' }),
  ];
  assert.ok(logLines.some(line => line.includes('language-model-retried')));
  assert.ok(logLines.some(line => line.includes('[API key]')));
  const said = [
    ...logLines,
    ...outcomes.map(({ error }) => `${error?.message} ${error?.stack} ${error?.cause}`),
  ].join('\n');
  for (const spelling of [apiKey, encodeURIComponent(apiKey), encoded, 'SECRET'])
    assert.ok(!said.includes(spelling), spelling);
});
