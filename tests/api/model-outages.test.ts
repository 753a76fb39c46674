import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ask, createSession, readHistory } from '../api-client.ts';
import { API_KEY, type TestApp } from '../create-test-app.ts';
import { contentOf, eventOf } from '../event-stream.ts';
import {
  answer,
  type Behaviour,
  type FakeLanguageModel,
  startFakeLanguageModel,
} from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

/** Not worth a retry, so that one question is one request. */
const broken: Behaviour = { kind: 'raw', parts: ['<html>Maintenance</html>'], contentType: 'text/html' };
const FALLBACK_KEY = 'sk-fallback-SECRET-987';

async function askOnce(app: TestApp, question = 'Is anybody there?') {
  const sessionId = await createSession(app);
  return { sessionId, events: await ask(app, sessionId, question) };
}

onEachDatabase('a language model that is down', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    const env = { LLM_BREAKER_FAILURES: '3', LLM_BREAKER_COOLDOWN_SECONDS: '0.7' };
    app = await createApp({ languageModelUrl: fake.baseUrl, env });
    app.log.expectErrors(/"msg":"answer failed"/);
  });
  after(() => fake.close());

  test('is left alone after some failures in a row: the answer fails at once and says when to ask again', async () => {
    fake.defaultBehaviour = broken;
    for (let asked = 0; asked < 3; asked += 1) await askOnce(app);
    assert.equal(fake.requests.length, 3);
    const { sessionId, events } = await askOnce(app, 'Still nobody?');
    assert.equal(fake.requests.length, 3, 'the model is not asked');
    const error = eventOf(events, 'error');
    assert.equal(error.code, 'language_model_unavailable');
    assert.equal(error.retryable, true);
    assert.equal(error.retry_after_seconds, 1);
    assert.equal(events.at(-1), error);
    const [question, answered] = await readHistory(app, sessionId);
    assert.equal(question?.content, 'Still nobody?');
    assert.equal(answered?.state, 'failed');
    assert.match(app.log.text, /language-model-breaker-opened/);
  });

  test('is tried again by one question after a while, and all is well when that succeeds', async () => {
    fake.requests.length = 0;
    fake.defaultBehaviour = answer('Back again.', { tokensPerSecond: 20 });
    const { events } = await waitUntil('the model is asked again', async () => {
      const asked = await askOnce(app);
      return fake.requests.length > 0 ? asked : undefined;
    });
    assert.equal(contentOf(events), 'Back again.');
    assert.equal(fake.requests.length, 1);
    assert.match(app.log.text, /language-model-breaker-closed/);
    const all = await Promise.all(Array.from({ length: 5 }, () => askOnce(app)));
    for (const each of all) assert.equal(contentOf(each.events), 'Back again.');
  });
});

onEachDatabase('a fallback language model', createApp => {
  let first: FakeLanguageModel;
  let second: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    [first, second] = await Promise.all([startFakeLanguageModel(), startFakeLanguageModel()]);
    app = await createApp({
      languageModelUrl: first.baseUrl,
      env: {
        LLM_FIRST_TOKEN_TIMEOUT_SECONDS: '0.3',
        LLM_BREAKER_FAILURES: '4',
        LLM_FALLBACK_BASE_URL: second.baseUrl,
        LLM_FALLBACK_API_KEY: FALLBACK_KEY,
        LLM_FALLBACK_MODEL: 'spare-model',
      },
    });
    app.log.expectErrors(/"msg":"answer failed"/);
  });
  after(() => Promise.all([first.close(), second.close()]));
  beforeEach(() => {
    first.defaultBehaviour = answer('From the first.');
    second.defaultBehaviour = answer('From the second.');
    second.requests.length = 0;
  });

  const failures: Record<string, Behaviour> = {
    'refuses the key': { kind: 'status', status: 401 },
    'does not know its model': { kind: 'status', status: 404 },
    'is rate limited for an hour': { kind: 'status', status: 429, headers: { 'retry-after': '3600' } },
    'is down': { kind: 'status', status: 503 },
    'never begins': { kind: 'hang-before-headers' },
  };
  for (const [what, behaviour] of Object.entries(failures))
    test(`answers when the first one ${what}, and the message says which model wrote it`, async () => {
      first.defaultBehaviour = behaviour;
      const { sessionId, events } = await askOnce(app);
      assert.equal(contentOf(events), 'From the second.');
      assert.equal(eventOf(events, 'usage').model, 'spare-model');
      const [, answered] = await readHistory(app, sessionId);
      assert.equal(answered?.model, 'spare-model');
      assert.equal(answered?.state, 'complete');
      assert.equal(second.requests.length, 1);
      assert.equal(second.requests[0]?.headers.authorization, `Bearer ${FALLBACK_KEY}`);
    });

  test('is not asked when the first one answers, nor once that has begun', async () => {
    const { sessionId, events } = await askOnce(app);
    assert.equal(eventOf(events, 'usage').model, 'fake-model');
    assert.equal((await readHistory(app, sessionId))[1]?.model, 'fake-model');
    first.defaultBehaviour = answer('One two three.', { after: { tokens: 2, next: 'cut' } });
    const cut = await askOnce(app);
    assert.equal(contentOf(cut.events), 'One two');
    assert.equal(eventOf(cut.events, 'error').code, 'language_model_interrupted');
    assert.equal(second.requests.length, 0);
  });

  test('when both fail the first one’s error is told', async () => {
    first.defaultBehaviour = { kind: 'status', status: 401 };
    second.defaultBehaviour = { kind: 'status', status: 400 };
    const { events } = await askOnce(app);
    assert.equal(eventOf(events, 'error').code, 'language_model_unauthorised');
    assert.equal(second.requests.length, 1);
  });

  test('is asked at once while the first one is left alone', async () => {
    first.defaultBehaviour = broken;
    for (let asked = 0; asked < 4; asked += 1) await askOnce(app);
    first.requests.length = 0;
    const { events } = await askOnce(app);
    assert.equal(contentOf(events), 'From the second.');
    assert.equal(first.requests.length, 0);
  });

  test('no log line holds a key', () => {
    for (const key of [API_KEY, FALLBACK_KEY, 'SECRET']) assert.ok(!app.log.text.includes(key));
  });
});
