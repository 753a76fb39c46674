import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { settings } from '../../contract/settings.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  postJson,
  postQuestion,
  readHistory,
} from '../api-client.ts';
import { API_KEY, type TestApp } from '../create-test-app.ts';
import { eventOf, readAllEvents } from '../event-stream.ts';
import { type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

const readSettings = async (app: TestApp) =>
  settings.parse(await expectJson(await app.fetch('/api/settings/'), 200));

onEachDatabase('the choice of a language model', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({
      languageModelUrl: fake.baseUrl,
      env: {
        LLM_MODELS: 'large-model, vendor/small:free',
        LLM_TEMPERATURE: '0.3',
        LLM_PRICES: 'large-model=2.5/10, fake-model=0.05/0.08',
        LLM_PRICE_CURRENCY: 'eur',
        RESERVED_FOR_RESPONSE: '700',
      },
    });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.requests.length = 0;
  });
  const lastBody = () => fake.requests.at(-1)?.body;

  test('without one the standard model writes, at the temperature that is set, up to the tokens reserved', async () => {
    await ask(app, await createSession(app), 'Hello?');
    assert.equal(lastBody()?.model, 'fake-model');
    assert.equal(lastBody()?.temperature, 0.3);
    assert.equal(lastBody()?.max_tokens, 700);
  });

  test('a question names its model and temperature, and the answer says who wrote it', async () => {
    const sessionId = await createSession(app);
    const more = { model: 'vendor/small:free', temperature: 1.5 };
    const events = await ask(app, sessionId, 'Hello?', more);
    assert.equal(lastBody()?.model, 'vendor/small:free');
    assert.equal(lastBody()?.temperature, 1.5);
    assert.equal(eventOf(events, 'usage').model, 'vendor/small:free');
    assert.equal(eventOf(events, 'usage').cost, null, 'it has no price');
    assert.equal((await readHistory(app, sessionId))[1]?.model, 'vendor/small:free');
    await ask(app, sessionId, 'And now?', { temperature: 0 });
    assert.deepEqual([lastBody()?.model, lastBody()?.temperature], ['fake-model', 0]);
  });

  test('so do an answer given anew and an edited question', async () => {
    const sessionId = await createSession(app);
    const start = eventOf(await ask(app, sessionId, 'Hello?'), 'start');
    const anew = { model: 'large-model', temperature: 0.9 };
    await readAllEvents(await postJson(app, `/api/chat/${start.message_id}/regenerate/`, anew));
    assert.deepEqual([lastBody()?.model, lastBody()?.temperature], ['large-model', 0.9]);
    const edit = { message: 'Hello again?', model: 'vendor/small:free' };
    await readAllEvents(await postJson(app, `/api/message/${start.user_message_id}/edit/`, edit));
    assert.deepEqual([lastBody()?.model, lastBody()?.temperature], ['vendor/small:free', 0.3]);
  });

  test('a model that is not among them gets 400 with their names, and nothing is saved', async () => {
    const sessionId = await createSession(app);
    const error = await expectError(
      await postQuestion(app, sessionId, 'Hello?', { model: 'gpt-nonsense' }),
      400,
      'invalid_request',
    );
    assert.match(error.message, /fake-model, large-model, vendor\/small:free/);
    assert.deepEqual(error.models, ['fake-model', 'large-model', 'vendor/small:free']);
    assert.deepEqual(await readHistory(app, sessionId), []);
    assert.equal(fake.requests.length, 0);
  });

  for (const temperature of [-0.1, 2.1, '0.5', null])
    test(`temperature ${JSON.stringify(temperature)} gets 400`, async () => {
      const response = await postQuestion(app, await createSession(app), 'Hello?', { temperature });
      assert.match((await expectError(response, 400, 'invalid_request')).message, /temperature/);
    });

  test('settings tell what may be chosen and what it costs, and hold no secret', async () => {
    const { answers, language_model } = await readSettings(app);
    assert.equal(answers, 'written');
    assert.deepEqual(language_model, {
      standard: 'fake-model',
      models: [
        { name: 'fake-model', price: { input: 0.05, output: 0.08, currency: 'EUR' } },
        { name: 'large-model', price: { input: 2.5, output: 10, currency: 'EUR' } },
        { name: 'vendor/small:free', price: null },
      ],
      fallback: null,
      temperature: 0.3,
      temperatures: { min: 0, max: 2 },
      max_answer_tokens: 700,
      rewrites_follow_up_questions: false,
      writes_titles: false,
    });
    const text = await (await app.fetch('/api/settings/')).text();
    for (const secret of [API_KEY, fake.baseUrl, 'postgres', app.dataDir])
      assert.ok(!text.includes(secret), secret);
  });
});

onEachDatabase('settings without a language model', createApp => {
  test('say that answers are quoted, and a choice of model or temperature gets 400', async () => {
    const app = await createApp({ env: { TOP_K: '7', MAX_UPLOAD_BYTES: '1000000' } });
    const { answers, language_model, limits, retrieval, embedding_model, reranker, token_budget } =
      await readSettings(app);
    assert.deepEqual(
      { answers, language_model, reranker },
      { answers: 'quoted', language_model: null, reranker: null },
    );
    assert.equal(retrieval.top_k, 7);
    assert.deepEqual(limits, {
      max_text_bytes: 5_242_880,
      max_upload_bytes: 1_000_000,
      max_stored_bytes: null,
    });
    assert.match(embedding_model.name, /^all-MiniLM-L6-v2@/);
    assert.deepEqual([embedding_model.dimensions, embedding_model.state], [384, 'loaded']);
    const sessionId = await createSession(app);
    for (const more of [{ model: 'any' }, { temperature: 1 }]) {
      const response = await postQuestion(app, sessionId, 'Hello?', more);
      const error = await expectError(response, 400, 'invalid_request');
      assert.match(error.message, /no language model is connected/);
    }
    const tooLong = await expectError(
      await postQuestion(app, sessionId, 'word '.repeat(token_budget.most_message_tokens)),
      413,
      'message_too_large',
    );
    assert.equal(tooLong.most_tokens, token_budget.most_message_tokens);
  });
});
