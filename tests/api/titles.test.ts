import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerTrace } from '../../contract/trace.ts';
import { sessionUsage } from '../../contract/usage.ts';
import { ask, createSession, expectJson, postJson, readHistory, readSession } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, readAllEvents } from '../event-stream.ts';
import {
  answer,
  type Behaviour,
  type FakeLanguageModel,
  startFakeLanguageModel,
} from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

const question = 'When does the ferry to Tangen leave?';
const rewritten = 'When does the ferry to Tangen leave on Sundays?';

onEachDatabase('titles of sessions', createApp => {
  let app: TestApp;
  let model: FakeLanguageModel;
  /** What the model answers when it is asked for a title. */
  let titling: Behaviour;
  const isTitleRequest = (messages: { content: string }[]) =>
    /^Write a title/.test(messages[0]?.content ?? '');
  const titleRequests = () => model.requests.filter(({ body }) => isTitleRequest(body.messages));

  before(async () => {
    model = await startFakeLanguageModel();
    model.defaultBehaviour = messages => {
      if (isTitleRequest(messages)) return titling;
      const isRewriting = /^Rewrite the last question/.test(messages[0]?.content ?? '');
      return answer(isRewriting ? rewritten : 'At 07:40.');
    };
    const env = { SESSION_TITLES: 'model', QUESTION_REWRITING: 'model' };
    app = await createApp({ languageModelUrl: model.baseUrl, env });
  });
  after(() => model.close());

  const titleOf = async (id: number) => {
    const { title, title_origin } = await readSession(app, id);
    return [title, title_origin];
  };
  const rename = (id: number, title: string) =>
    app.fetch(`/api/session/${id}/`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title }),
    });
  const titled = (id: number) =>
    waitUntil('the model has written a title', async () => (await titleOf(id))[1] === 'model');
  /** Until the request that was made for the title last is over. */
  const titlingOver = async (count: number) => {
    await waitUntil(`${count} requests for a title`, () => titleRequests().length === count);
    await titleRequests().at(-1)?.closed;
  };

  test('the question is the title until the model has written one after the first answer', async () => {
    titling = answer('"Ferry times to Tangen."', { tokensPerSecond: 20 });
    const id = await createSession(app);
    assert.deepEqual(await titleOf(id), [null, null]);
    assert.equal(contentOf(await ask(app, id, question)), 'At 07:40.');
    assert.deepEqual(await titleOf(id), [question, 'question'], 'no answer waits for a title');
    await titled(id);
    assert.deepEqual(await titleOf(id), ['Ferry times to Tangen', 'model']);
    const [request] = titleRequests();
    assert.equal(request?.body.messages.at(-1)?.content, `Question: ${question}\n\nAnswer: At 07:40.`);
    assert.ok((request?.body.max_tokens ?? 0) <= 200);
    const found = await app.fetch('/api/session/?q=ferry+times');
    assert.match(await found.text(), /"title":"Ferry times to Tangen"/);
  });

  test('what it took counts for the session, and so does a question that was rewritten', async () => {
    titling = answer('Ferry times to Tangen');
    const id = await createSession(app);
    await ask(app, id, question);
    await titled(id);
    const start = eventOf(await ask(app, id, 'And on Sundays?'), 'start');
    const traced = await app.fetch(`/api/message/${start.message_id}/trace/`);
    assert.equal(answerTrace.parse(await expectJson(traced, 200)).query?.rewritten, rewritten);
    const usage = sessionUsage.parse(await expectJson(await app.fetch(`/api/session/${id}/usage/`), 200));
    assert.deepEqual(
      usage.beside.map(one => [one.purpose, one.calls, one.completion_tokens, one.cost]),
      [
        ['rewritten_question', 1, 9, null],
        ['title', 1, 4, null],
      ],
    );
    const answers = (await readHistory(app, id)).flatMap(message => message.usage ?? []);
    const all = [...answers, ...usage.beside];
    const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
    assert.deepEqual(
      [usage.answers, usage.prompt_tokens, usage.completion_tokens],
      [2, sum(all.map(one => one.prompt_tokens)), sum(all.map(one => one.completion_tokens))],
    );
  });

  test('only the first question gives a title', async () => {
    titling = answer('A title');
    const id = await createSession(app);
    const { message_id } = eventOf(await ask(app, id, question), 'start');
    await titled(id);
    const before = titleRequests().length;
    await ask(app, id, 'And on Sundays?');
    await readAllEvents(await app.fetch(`/api/chat/${message_id}/regenerate/`, { method: 'POST' }));
    await ask(app, await createSession(app), question);
    await waitUntil('the session after it was titled', () => titleRequests().length === before + 1);
    assert.deepEqual(await titleOf(id), ['A title', 'model']);
  });

  test('a title that the user gives stays, also when the model writes one at the time', async () => {
    titling = answer('Much too late', { tokensPerSecond: 10 });
    const id = await createSession(app);
    const before = titleRequests().length;
    await ask(app, id, question);
    await waitUntil('the model is asked', () => titleRequests().length === before + 1);
    await rename(id, 'Mine');
    await titlingOver(before + 1);
    assert.deepEqual(await titleOf(id), ['Mine', 'user']);

    const named = await createSession(app);
    await rename(named, 'Named before');
    await ask(app, named, question);
    await ask(app, await createSession(app), question);
    await titlingOver(before + 2);
    assert.deepEqual(await titleOf(named), ['Named before', 'user']);
    assert.equal(titleRequests().length, before + 2, 'the named one was not asked for');
  });

  for (const [what, behaviour] of [
    ['writes a text instead', answer('Here is a title:\nFerry times')],
    ['fails', { kind: 'status', status: 400 }],
    ['breaks off', answer('Ferry times to', { after: { tokens: 2, next: 'cut' } })],
  ] as const)
    test(`the question stays the title when the model ${what}`, async () => {
      titling = behaviour;
      const id = await createSession(app);
      const before = titleRequests().length;
      await ask(app, id, question);
      await titlingOver(before + 1);
      await waitUntil('it is in the log', () => app.log.text.includes('session-not-titled'));
      await ask(app, id, 'And on Sundays?');
      await ask(app, await createSession(app), question);
      await titlingOver(before + 2);
      assert.deepEqual(await titleOf(id), [question, 'question'], 'and it is not asked again');
      await waitUntil('that is in the log too', () => app.log.text.split('session-not-titled').length > 2);
    });

  test('a server that stops does not wait for a title', async () => {
    titling = { kind: 'hang-after-headers' };
    const id = await createSession(app);
    const before = titleRequests().length;
    await ask(app, id, question);
    await waitUntil('the model is asked', () => titleRequests().length === before + 1);
    const startedAt = performance.now();
    await app.restart();
    assert.ok(performance.now() - startedAt < 8_000);
    assert.equal(await titleRequests().at(-1)?.closed, 'aborted');
    assert.deepEqual(await titleOf(id), [question, 'question']);
  });

  test('a failed first answer gives no title, the same question answered anew does', async () => {
    titling = answer('After all');
    const id = await createSession(app);
    const before = titleRequests().length;
    app.log.expectErrors(/answer failed/);
    model.script({ kind: 'status', status: 400 });
    const { user_message_id } = eventOf(await ask(app, id, question), 'start');
    assert.deepEqual(await titleOf(id), [question, 'question']);
    assert.equal(titleRequests().length, before);
    await readAllEvents(await postJson(app, `/api/chat/${user_message_id}/regenerate/`, {}));
    await titled(id);
    assert.deepEqual(await titleOf(id), ['After all', 'model']);
  });

  test('SESSION_TITLES=question asks for none, and neither does a server without a model', async () => {
    const before = model.requests.length;
    for (const options of [
      { languageModelUrl: model.baseUrl, env: { SESSION_TITLES: 'question' } },
      { env: { SESSION_TITLES: 'model' } },
    ]) {
      const other = await createApp(options);
      const id = await createSession(other);
      await ask(other, id, question);
      assert.equal((await readSession(other, id)).title, question);
      await other.stop();
    }
    assert.equal(model.requests.length, before + 1, 'for the one answer');
  });
});
