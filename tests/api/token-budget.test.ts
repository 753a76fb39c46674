import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { sessionUsage, usageReport } from '../../contract/usage.ts';
import { ask, createSession, expectError, expectJson, postQuestion, readHistory } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, readEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

const readUsage = async (app: TestApp, query = '') =>
  usageReport.parse(await expectJson(await app.fetch(`/api/usage/${query}`), 200));

const today = () => new Date().toISOString().slice(0, 10);

onEachDatabase('what answers take and cost', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({
      languageModelUrl: fake.baseUrl,
      env: {
        LLM_PRICES: 'fake-model=1/1000000',
        LLM_SILENCE_TIMEOUT_SECONDS: '0.4',
        LLM_BREAKER_FAILURES: '0',
      },
    });
    app.log.expectErrors(/"msg":"answer failed"/);
  });
  after(() => fake.close());

  /** The last answer's part of the day. */
  async function difference(act: () => Promise<void>) {
    const before = await readUsage(app);
    await act();
    const now = await readUsage(app);
    const [day, ...others] = now.days;
    assert.deepEqual(others, []);
    assert.equal(day?.day, today());
    assert.equal(day.model, 'fake-model');
    const [old] = before.days;
    return {
      calls: day.calls - (old?.calls ?? 0),
      estimated: day.estimated_calls - (old?.estimated_calls ?? 0),
      prompt: day.prompt_tokens - (old?.prompt_tokens ?? 0),
      completion: day.completion_tokens - (old?.completion_tokens ?? 0),
      cost: (day.cost?.amount ?? 0) - (old?.cost?.amount ?? 0),
    };
  }

  test('is told with the answer, saved with it, and summed up for its session and the day', async () => {
    fake.script(answer('One two three.'), answer('Four five.'));
    const sessionId = await createSession(app);
    let usages: { prompt_tokens: number; completion_tokens: number }[] = [];
    const taken = await difference(async () => {
      const first = eventOf(await ask(app, sessionId, 'First?'), 'usage');
      usages = [first, eventOf(await ask(app, sessionId, 'Second?'), 'usage')];
      assert.equal(first.estimated, false);
      assert.equal(first.completion_tokens, 3);
      assert.deepEqual(first.cost, { amount: 3 + first.prompt_tokens / 1e6, currency: 'USD' });
      const { type: _, budget: __, ...saved } = first;
      assert.deepEqual((await readHistory(app, sessionId))[1]?.usage, saved);
    });
    const prompt = usages.reduce((sum, usage) => sum + usage.prompt_tokens, 0);
    const { cost, ...tokens } = taken;
    assert.deepEqual(tokens, { calls: 2, estimated: 0, prompt, completion: 5 });
    assert.ok(Math.abs(cost - (5 + prompt / 1e6)) < 1e-6, `${cost}`);
    const response = await app.fetch(`/api/session/${sessionId}/usage/`);
    assert.deepEqual(sessionUsage.parse(await expectJson(response, 200)), {
      session_id: sessionId,
      answers: 2,
      prompt_tokens: prompt,
      completion_tokens: 5,
      costs: [{ amount: 5 + prompt / 1e6, currency: 'USD' }],
      beside: [],
    });
  });

  test('is estimated and marked so when the provider tells nothing', async () => {
    fake.script(answer('One two three.', { usage: 'none' }));
    const taken = await difference(async () => {
      const usage = eventOf(await ask(app, await createSession(app), 'First?'), 'usage');
      assert.equal(usage.estimated, true);
      assert.equal(usage.completion_tokens, 4);
    });
    assert.deepEqual([taken.calls, taken.estimated, taken.completion], [1, 1, 4]);
    assert.ok(taken.prompt > 50);
  });

  test('counts for an answer that breaks off, and for one that is stopped', async () => {
    fake.script(answer('One two three four.', { after: { tokens: 2, next: 'hang' } }));
    const sessionId = await createSession(app);
    const broken = await difference(async () => {
      const usage = eventOf(await ask(app, sessionId, 'First?'), 'usage');
      assert.equal(usage.completion_tokens, 2);
      assert.equal(usage.cost?.amount, 2 + usage.prompt_tokens / 1e6);
    });
    assert.deepEqual([broken.calls, broken.estimated, broken.completion], [1, 1, 2]);
    fake.script(answer('One two three four five six.', { tokensPerSecond: 4 }));
    const stopped = await difference(async () => {
      let content = '';
      for await (const event of readEvents(await postQuestion(app, sessionId, 'Second?'))) {
        if (event.type === 'content') content += event.content;
        if (event.type === 'content')
          await app.fetch(`/api/chat/${await runningId(app, sessionId)}/stop/`, { method: 'POST' });
        if (event.type === 'usage') assert.equal(event.estimated, true);
      }
      assert.ok(content.length > 0);
    });
    assert.deepEqual([stopped.calls, stopped.estimated], [1, 1]);
    assert.ok(stopped.completion > 0 && stopped.prompt > 0);
  });

  test('a call that fails before it begins costs nothing', async () => {
    fake.script({ kind: 'status', status: 400 });
    const before = await readUsage(app);
    await ask(app, await createSession(app), 'First?');
    assert.deepEqual((await readUsage(app)).days, before.days);
  });

  test('of a session that is not there it gets 404', async () => {
    await expectError(await app.fetch('/api/session/999999/usage/'), 404, 'not_found');
  });
});

async function runningId(app: TestApp, sessionId: number): Promise<number> {
  return (await readHistory(app, sessionId)).at(-1)?.id ?? 0;
}

onEachDatabase('the daily token budget', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl, env: { DAILY_TOKEN_BUDGET: '1000' } });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.defaultBehaviour = { kind: 'answer', tokens: Array.from({ length: 400 }, () => 'word ') };
  });

  test('when it is used up a question gets 429 until midnight, and nothing of it is saved', async () => {
    const sessionId = await createSession(app);
    let asked = 0;
    for (; asked < 10 && ((await readUsage(app)).today.left ?? 0) > 0; asked += 1)
      assert.equal(contentOf(await ask(app, sessionId, 'More?')).length, 2000);
    assert.ok(asked >= 2 && asked < 10, `${asked} answers`);
    const response = await postQuestion(app, sessionId, 'And more?');
    const error = await expectError(response, 429, 'token_budget_exhausted');
    assert.equal(error.budget, 1000);
    const midnight = Date.parse(String(error.resets_at));
    assert.equal(midnight % 86_400_000, 0);
    const seconds = Number(response.headers.get('retry-after'));
    assert.ok(Math.abs(Date.now() + 1000 * seconds - midnight) < 5_000);
    assert.equal((await readHistory(app, sessionId)).length, 2 * asked);
    assert.equal(fake.requests.length, asked);
  });

  test('it is still used up after a restart, and new on the next day', async () => {
    await app.restart();
    const sessionId = await createSession(app);
    await expectError(await postQuestion(app, sessionId, 'More?'), 429, 'token_budget_exhausted');
    await app.inspect(db => sql`UPDATE token_usage SET day = day - 1`.execute(db));
    await app.restart();
    assert.equal(contentOf(await ask(app, sessionId, 'More?')).length, 2000);
    const { days, today: now } = await readUsage(app);
    assert.equal(days.length, 2);
    assert.equal(now.tokens, (days[0]?.prompt_tokens ?? 0) + 400);
    assert.equal((await readUsage(app, '?days=1')).days.length, 1);
  });
});
