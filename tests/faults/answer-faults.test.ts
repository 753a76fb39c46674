import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ErrorCode } from '../../contract/errors.ts';
import { ask, createSession, readHistory } from '../api-client.ts';
import { API_KEY, type TestApp } from '../create-test-app.ts';
import { contentOf } from '../event-stream.ts';
import {
  answer,
  type Behaviour,
  type FakeLanguageModel,
  startFakeLanguageModel,
} from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

type Case = { behaviour: Behaviour; code: ErrorCode; kept?: string };

const cases: Record<string, Case> = {
  'answers 401': {
    behaviour: { kind: 'status', status: 401, body: { error: { message: `wrong key ${API_KEY}` } } },
    code: 'language_model_unauthorised',
  },
  'answers 429': {
    behaviour: { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    code: 'language_model_rate_limited',
  },
  'answers 500': {
    behaviour: { kind: 'status', status: 500, body: API_KEY },
    code: 'language_model_unavailable',
  },
  hangs: { behaviour: { kind: 'hang-before-headers' }, code: 'language_model_timeout' },
  'hangs within its answer': {
    behaviour: answer('One two three four.', { after: { tokens: 2, next: 'hang' } }),
    code: 'language_model_timeout',
    kept: 'One two',
  },
  'cuts its answer off': {
    behaviour: answer('One two three four.', { after: { tokens: 2, next: 'cut' } }),
    code: 'language_model_interrupted',
    kept: 'One two',
  },
  'reports an error within its answer': {
    behaviour: answer('One two three.', {
      after: { tokens: 2, next: { error: { message: `broken ${API_KEY}` } } },
    }),
    code: 'language_model_interrupted',
    kept: 'One two',
  },
};

onEachDatabase('a language model that fails', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    const limits = {
      LLM_FIRST_TOKEN_TIMEOUT_SECONDS: '0.3',
      LLM_SILENCE_TIMEOUT_SECONDS: '0.3',
      // So many failures in a row would otherwise open it (tests/api/model-outages.test.ts).
      LLM_BREAKER_FAILURES: '0',
    };
    app = await createApp({ languageModelUrl: fake.baseUrl, env: limits });
    app.log.expectErrors(/"msg":"answer failed"/);
  });
  after(() => fake.close());

  for (const [what, { behaviour, code, kept = '' }] of Object.entries(cases))
    test(`one that ${what} ends with ${code}, and the messages are kept`, async () => {
      fake.defaultBehaviour = behaviour;
      const sessionId = await createSession(app);
      const events = await ask(app, sessionId, 'Is anybody there?');
      const last = events.at(-1);
      assert.ok(last?.type === 'error', `the last event is ${last?.type}`);
      assert.equal(last.code, code);
      assert.equal(events.filter(event => event.type === 'error' || event.type === 'done').length, 1);
      assert.equal(contentOf(events), kept);

      const [question, answered] = await readHistory(app, sessionId);
      assert.equal(question?.content, 'Is anybody there?');
      assert.equal(answered?.id, last.message_id);
      assert.equal(answered?.state, kept === '' ? 'failed' : 'interrupted');
      assert.equal(answered?.content, kept);
      assert.equal(answered?.error?.code, code);
      assert.ok(!JSON.stringify([events, answered]).includes(API_KEY));
    });

  test('the session can be asked again, and the parts of the failed answer stay out of nobody’s way', async () => {
    const sessionId = await createSession(app);
    fake.defaultBehaviour = answer('One two three.', { after: { tokens: 2, next: 'cut' } });
    await ask(app, sessionId, 'First?');
    fake.defaultBehaviour = answer('Back again.');
    assert.equal(contentOf(await ask(app, sessionId, 'Second?')), 'Back again.');
  });

  test('no log line holds the API key', () => {
    assert.ok(fake.requests.every(request => request.headers.authorization === `Bearer ${API_KEY}`));
    assert.ok(app.log.lines.length > 10);
    assert.ok(!app.log.text.includes(API_KEY));
    assert.ok(!app.log.text.includes('SECRET'));
  });
});
