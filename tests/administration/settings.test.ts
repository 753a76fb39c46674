import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { z } from 'zod';
import { settingHistoryTable, settingKinds, settingProblem } from '../../contract/administration/settings.ts';
import { auditTable } from '../../contract/administration/tables.ts';
import { settings } from '../../contract/settings.ts';
import { createFirstAdmin } from '../accounts/account-client.ts';
import type { Browser } from '../accounts/browser.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  postFile,
  postQuestion,
  search,
  upload,
} from '../api-client.ts';
import { API_KEY, type TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type FakeRerankServer, startFakeRerankServer } from '../fakes/rerank-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import {
  askForTopK,
  changeSettings,
  patchSettings,
  readCsv,
  readServerSettings,
  readSetting,
  readTable,
} from './admin-client.ts';

onEachDatabase('settings that change while the server runs', createApp => {
  let embeddings: FakeEmbeddingServer;
  let fake: FakeLanguageModel;
  let reranker: FakeRerankServer;
  let app: TestApp;
  let admin: Browser;
  before(async () => {
    [embeddings, fake, reranker] = await Promise.all([
      startFakeEmbeddingServer(),
      startFakeLanguageModel(),
      startFakeRerankServer(),
    ]);
    app = await createApp({
      languageModelUrl: fake.baseUrl,
      env: {
        ...embeddings.env,
        RERANKER_BASE_URL: reranker.baseUrl,
        RERANKER_MODEL: 'fake',
        RERANKER_TIMEOUT_MS: '5000',
        TOP_K: '4',
      },
    });
    admin = await createFirstAdmin(app);
    for (const part of ['first', 'second', 'third', 'fourth'])
      await upload(admin, `The ${part} lamp of the lighthouse turns when it is dark.`, `${part}.txt`);
  });
  afterEach(async () => {
    const changed = (await readServerSettings(admin)).settings.filter(
      ({ source }) => source === 'administration',
    );
    const back = Object.fromEntries(changed.map(({ name }) => [name, null]));
    if (changed.length > 0) await changeSettings(admin, back);
  });
  after(async () => {
    embeddings.close();
    await fake.close();
    await reranker.close();
  });

  const readPublic = async () => settings.parse(await expectJson(await admin.fetch('/api/settings/'), 200));
  const askOnce = async (more: object = {}) =>
    ask(admin, await createSession(admin), 'When does the lamp of the lighthouse turn?', more);
  const found = () => askForTopK(admin);

  test('each says its value, where it comes from and whether it can change here', async () => {
    const ofTopK = await readSetting(admin, 'TOP_K');
    assert.deepEqual(
      [ofTopK.value, ofTopK.source, ofTopK.environment_value, ofTopK.changeable, ofTopK.kind],
      ['4', 'environment', '4', true, 'whole_number'],
    );
    assert.deepEqual([ofTopK.min, ofTopK.max, ofTopK.unit], [1, 100, 'passages']);
    const similarity = await readSetting(admin, 'MIN_SIMILARITY');
    assert.deepEqual([similarity.value, similarity.source], ['0.2', 'default']);
    const chunks = await readSetting(admin, 'CHUNK_SIZE');
    assert.deepEqual([chunks.changeable, chunks.fixed_because], [false, 'needs_restart']);
    const groq = await readSetting(admin, 'GROQ_MODEL');
    assert.deepEqual([groq.changeable, groq.fixed_because], [false, 'no_language_model']);
    const rewriting = await readSetting(admin, 'QUESTION_REWRITING');
    assert.deepEqual([rewriting.kind, rewriting.choices], ['choice', ['off', 'model']]);
    const all = (await readServerSettings(admin)).settings;
    const kinds = new Set(all.filter(({ changeable }) => changeable).map(({ kind }) => kind));
    const known: string[] = settingKinds.filter(kind => kind !== 'other');
    assert.deepEqual([...kinds].sort(), known.sort(), 'a form can be made for each');
  });

  test('no secret is shown, only that there is one', async () => {
    const answer = await (await admin.fetch('/api/admin/settings/')).text();
    assert.ok(!answer.includes(API_KEY));
    const key = await readSetting(admin, 'LLM_API_KEY');
    assert.deepEqual(
      [key.secret, key.is_set, key.value, key.environment_value, key.changeable],
      [true, true, null, null, false],
    );
    assert.equal((await readSetting(admin, 'GROQ_API_KEY')).is_set, false);
  });

  test('a change counts from the next question on, and goes back to the environment’s value', async () => {
    assert.equal(await found(), 4);
    await changeSettings(admin, { TOP_K: '2' });
    assert.equal(await found(), 2, 'what was found before was found again');
    assert.equal((await readPublic()).retrieval.top_k, 2);
    const changed = await readSetting(admin, 'TOP_K');
    assert.deepEqual(
      [changed.value, changed.source, changed.environment_value, changed.changed_by?.email],
      ['2', 'administration', '4', 'ada@example.com'],
    );
    await changeSettings(admin, { TOP_K: null });
    assert.equal(await found(), 4);
    assert.equal((await readSetting(admin, 'TOP_K')).source, 'environment');
  });

  test('an empty value is the default, whatever the environment says', async () => {
    await changeSettings(admin, { TOP_K: '' });
    const setting = await readSetting(admin, 'TOP_K');
    assert.deepEqual([setting.value, setting.source], ['5', 'administration']);
  });

  test('they hold after a restart', async () => {
    await changeSettings(admin, { TOP_K: '3' });
    await app.restart();
    assert.equal(await found(), 3);
  });

  describe('what depends on one asks it anew:', () => {
    test('the model and its temperature', async () => {
      await changeSettings(admin, { LLM_MODEL: 'larger-model', LLM_TEMPERATURE: '0.9' });
      await askOnce();
      const { body } = fake.requests.at(-1) ?? {};
      assert.deepEqual([body?.model, body?.temperature], ['larger-model', 0.9]);
      assert.equal((await readPublic()).language_model?.standard, 'larger-model');
    });

    test('the models that a request may choose', async () => {
      const choose = async () =>
        postQuestion(admin, await createSession(admin), 'Who?', { model: 'vendor/small' });
      await expectError(await choose(), 400, 'invalid_request');
      await changeSettings(admin, { LLM_MODELS: 'vendor/small, vendor/other' });
      assert.equal(eventOf(await askOnce({ model: 'vendor/small' }), 'usage').model, 'vendor/small');
      await changeSettings(admin, { LLM_MODELS: 'vendor/other' });
      await expectError(await choose(), 400, 'invalid_request');
    });

    test('prices', async () => {
      assert.equal(eventOf(await askOnce(), 'usage').cost, null);
      await changeSettings(admin, { LLM_PRICES: 'fake-model=1000/1000', LLM_PRICE_CURRENCY: 'EUR' });
      const { cost } = eventOf(await askOnce(), 'usage');
      assert.ok(cost && cost.amount > 0);
      assert.equal(cost.currency, 'EUR');
    });

    test('the budget of a day', async () => {
      await askOnce();
      await changeSettings(admin, { DAILY_TOKEN_BUDGET: '1' });
      const refused = await postQuestion(admin, await createSession(admin), 'Again?');
      await expectError(refused, 429, 'token_budget_exhausted');
      await changeSettings(admin, { DAILY_TOKEN_BUDGET: null });
      eventOf(await askOnce(), 'done');
    });

    test('the token budget of a prompt', async () => {
      await changeSettings(admin, { RESERVED_FOR_RESPONSE: '77', CURRENT_MESSAGE_TOKENS: '20' });
      await askOnce();
      assert.equal(fake.requests.at(-1)?.body.max_tokens, 77);
      const long = await postQuestion(admin, await createSession(admin), 'word '.repeat(130_000));
      assert.equal(long.status, 413);
    });

    test('the size of uploads', async () => {
      await changeSettings(admin, { MAX_TEXT_BYTES: '30', MAX_STORED_BYTES: '' });
      const refused = await postFile(admin, 'A text that has more than thirty bytes.');
      await expectError(refused, 413, 'document_too_large');
      await changeSettings(admin, { MAX_TEXT_BYTES: null, MAX_STORED_BYTES: '50' });
      await expectError(await postFile(admin, 'Short, but all is full.'), 413, 'quota_exceeded');
    });

    test('the reranker', async () => {
      const query = 'Does a lighthouse turn its lamp?';
      const asked = async () => {
        const before = reranker.requests.length;
        await search(admin, query);
        return reranker.requests.length - before;
      };
      assert.equal(await asked(), 1);
      await changeSettings(admin, { RERANKING: 'off' });
      assert.equal(await asked(), 0);
      assert.equal((await readPublic()).reranker, null);
      await changeSettings(admin, { RERANKING: 'on', RERANKER_CANDIDATES: '2' });
      assert.equal(await asked(), 1);
      const { documents } = reranker.requests.at(-1)?.body ?? {};
      assert.ok(Array.isArray(documents) && documents.length === 2);
    });

    test('the rewriting of questions and the titles of sessions', async () => {
      await changeSettings(admin, { QUESTION_REWRITING: 'model', SESSION_TITLES: 'model' });
      const { language_model: model } = await readPublic();
      assert.deepEqual([model?.rewrites_follow_up_questions, model?.writes_titles], [true, true]);
      const session = await createSession(admin);
      await ask(admin, session, 'When does the lamp turn?');
      fake.requests.length = 0;
      await ask(admin, session, 'And why?');
      const rewriting = fake.requests.filter(({ body }) =>
        body.messages.some(({ content }) => content.startsWith('Rewrite the last question')),
      );
      assert.equal(rewriting.length, 1);
    });
  });

  describe('what is refused changes nothing:', () => {
    const refuse = async (values: Record<string, string | null>, status = 400) => {
      const before = await readServerSettings(admin);
      const { message, problems } = await expectError(
        await patchSettings(admin, values),
        status,
        'invalid_request',
      );
      assert.deepEqual(await readServerSettings(admin), before);
      return { message, problems: z.array(settingProblem).parse(problems) };
    };

    test('a value that the environment could not have', async () => {
      const { message, problems } = await refuse({
        TOP_K: '0',
        LLM_TEMPERATURE: 'hot',
        MIN_SIMILARITY: '0.5',
      });
      assert.match(message, /TOP_K: "0" was given; expected a whole number of passages from 1 to 100\./);
      assert.deepEqual(
        problems.map(({ message: _, ...problem }) => problem),
        [
          { name: 'TOP_K', code: 'expected_whole_number', params: { given: '0', min: '1', max: '100' } },
          { name: 'LLM_TEMPERATURE', code: 'expected_decimal', params: { given: 'hot', min: '0', max: '2' } },
        ],
      );
      const { problems: others } = await refuse({
        SESSION_TITLES: 'both',
        LLM_PRICES: 'cheap',
        LLM_PRICE_CURRENCY: 'euro',
        RERANKING: 'maybe',
      });
      assert.deepEqual(
        others.map(({ name, code, params }) => [name, code, params]),
        [
          ['SESSION_TITLES', 'expected_choice', { given: 'both', choices: 'question, model' }],
          ['LLM_PRICES', 'expected_prices', { given: 'cheap' }],
          ['LLM_PRICE_CURRENCY', 'expected_currency', { given: 'euro' }],
          ['RERANKING', 'expected_flag', { given: 'maybe' }],
        ],
      );
    });

    test('values that do not go together', async () => {
      const { message, problems } = await refuse({ MAX_CONTEXT_TOKENS: '100' });
      const sum = problems[0]?.params.sum ?? '';
      assert.match(message, new RegExp(`expected more than ${sum}, the sum`));
      assert.deepEqual(
        [problems[0]?.code, problems[0]?.params],
        ['context_too_small', { given: '100', sum }],
      );
      const { problems: missing } = await refuse({ LLM_MODEL: '' });
      assert.deepEqual(
        missing.map(({ name, code, params }) => [name, code, params]),
        [['LLM_MODEL', 'required_with', { because: 'LLM_BASE_URL' }]],
      );
      assert.match(message, /^MAX_CONTEXT_TOKENS: 100 in effect; expected more than/);
    });

    test('what needs a restart, is a secret or does not exist', async () => {
      const { problems } = await refuse({ PORT: '1', TOP_KK: '1' });
      assert.deepEqual(
        problems.map(({ name, code }) => [name, code]),
        [
          ['PORT', 'needs_restart'],
          ['TOP_KK', 'unknown_setting'],
        ],
      );
      assert.match((await refuse({ PORT: '1' })).message, /^PORT: is set in the environment/);
      assert.match((await refuse({ LLM_API_KEY: 'x' })).message, /^LLM_API_KEY: is set in the environment/);
      assert.match((await refuse({ TOP_KK: '1' })).message, /^TOP_KK: no such setting/);
    });

    test('a change of what somebody else has changed meanwhile', async () => {
      const { revision } = await changeSettings(admin, { TOP_K: '9' });
      await changeSettings(admin, { TOP_K: '8' });
      await expectError(await patchSettings(admin, { TOP_K: '7' }, { revision }), 409, 'settings_changed');
      assert.equal((await readSetting(admin, 'TOP_K')).value, '8');
    });
  });

  test('the history and the audit log say who changed what, from what to what', async () => {
    await changeSettings(admin, { MIN_SIMILARITY: '0.3' });
    await changeSettings(admin, { MIN_SIMILARITY: '0.3' });
    await changeSettings(admin, { MIN_SIMILARITY: '0.4' });
    await changeSettings(admin, { MIN_SIMILARITY: null });
    const { items } = await readTable(admin, settingHistoryTable, 'settings/history/?name=MIN_SIMILARITY');
    assert.deepEqual(
      items.map(({ old_value, new_value, user }) => [old_value, new_value, user?.email]),
      [
        ['0.4', null, 'ada@example.com'],
        ['0.3', '0.4', 'ada@example.com'],
        [null, '0.3', 'ada@example.com'],
      ],
    );
    const [first] = await readCsv(admin, 'settings/history/export/?name=MIN_SIMILARITY&order=asc');
    assert.deepEqual(
      [first?.old_value, first?.new_value, first?.['user.email']],
      ['', '0.3', 'ada@example.com'],
    );
    const audit = await readTable(admin, auditTable, 'server/audit/?action=settings-changed&limit=1');
    assert.deepEqual(audit.items[0]?.details, {
      changes: [{ name: 'MIN_SIMILARITY', oldValue: '0.4', newValue: null }],
    });
  });
});
