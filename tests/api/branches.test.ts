import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sessionDeletion } from '../../contract/sessions.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  postJson,
  postQuestion,
  readHistory,
  readSession,
  upload,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, readAllEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

onEachDatabase('branches', createApp => {
  let app: TestApp;
  let model: FakeLanguageModel;
  before(async () => {
    model = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: model.baseUrl });
  });
  after(() => model.close());

  const say = (text: string) => model.script(answer(text));
  const regenerate = (id: number, body?: object) =>
    body === undefined
      ? app.fetch(`/api/chat/${id}/regenerate/`, { method: 'POST' })
      : postJson(app, `/api/chat/${id}/regenerate/`, body);
  const edit = (id: number, message: string, more: object = {}) =>
    postJson(app, `/api/message/${id}/edit/`, { message, ...more });
  const select = (sessionId: number, messageId: number) =>
    app.fetch(`/api/session/${sessionId}/`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ active_message_id: messageId }),
    });
  const contents = async (sessionId: number, query = '') =>
    (await readSession(app, sessionId, query)).messages.map(({ content }) => content);

  async function askAs(sessionId: number, question: string, reply: string, more: object = {}) {
    say(reply);
    return eventOf(await ask(app, sessionId, question, more), 'start');
  }
  /** What the last prompt held beside instructions and the question. */
  const promptedHistory = () =>
    model.requests
      .at(-1)
      ?.body.messages.slice(1, -1)
      .map(({ content }) => content);

  test('messages hang below each other', async () => {
    const id = await createSession(app);
    const first = await askAs(id, 'Question one?', 'Answer one.');
    const second = await askAs(id, 'Question two?', 'Answer two.');
    const { messages, active_message_id } = await readSession(app, id);
    assert.deepEqual(
      messages.map(message => [message.id, message.parent_id, message.versions]),
      [
        [first.user_message_id, null, [first.user_message_id]],
        [first.message_id, first.user_message_id, [first.message_id]],
        [second.user_message_id, first.message_id, [second.user_message_id]],
        [second.message_id, second.user_message_id, [second.message_id]],
      ],
    );
    assert.equal(active_message_id, second.message_id);
  });

  test('a question answered anew has both answers, and the new one is shown', async () => {
    const id = await createSession(app);
    await askAs(id, 'Earlier?', 'Long ago.');
    const first = await askAs(id, 'Which colour?', 'Blue.');
    say('Green.');
    const events = await readAllEvents(await regenerate(first.message_id));
    assert.equal(contentOf(events), 'Green.');
    const { message_id, user_message_id, session_id } = eventOf(events, 'start');
    assert.deepEqual([user_message_id, session_id], [first.user_message_id, id]);
    assert.notEqual(message_id, first.message_id);
    assert.deepEqual(promptedHistory(), ['Earlier?', 'Long ago.'], 'the first answer is no history');
    assert.match(model.requests.at(-1)?.body.messages.at(-1)?.content ?? '', /Which colour\?/);

    const { messages } = await readSession(app, id);
    assert.deepEqual(await contents(id), ['Earlier?', 'Long ago.', 'Which colour?', 'Green.']);
    assert.deepEqual(messages.at(-1)?.versions, [first.message_id, message_id]);
    assert.deepEqual(await contents(id, `?leaf=${first.message_id}`), [
      'Earlier?',
      'Long ago.',
      'Which colour?',
      'Blue.',
    ]);
  });

  test('a question can be named to be answered anew, and a body may be empty', async () => {
    const id = await createSession(app);
    const first = await askAs(id, 'Which colour?', 'Blue.');
    say('Red.');
    const events = await readAllEvents(await regenerate(first.user_message_id, {}));
    assert.equal(eventOf(events, 'start').user_message_id, first.user_message_id);
    assert.deepEqual(await contents(id), ['Which colour?', 'Red.']);
  });

  test('an edited question is a version beside the old one, with an answer of its own', async () => {
    const id = await createSession(app);
    await askAs(id, 'Earlier?', 'Long ago.');
    const old = await askAs(id, 'Which colour?', 'Blue.');
    await askAs(id, 'And why?', 'Because.');
    say('Round.');
    const events = await readAllEvents(await edit(old.user_message_id, 'Which shape?'));
    const { message_id, user_message_id } = eventOf(events, 'start');
    assert.deepEqual(promptedHistory(), ['Earlier?', 'Long ago.']);
    assert.deepEqual(await contents(id), ['Earlier?', 'Long ago.', 'Which shape?', 'Round.']);
    const { messages, active_message_id } = await readSession(app, id);
    assert.deepEqual(messages[2]?.versions, [old.user_message_id, user_message_id]);
    assert.equal(active_message_id, message_id);
    // The branch of the old version, down to its newest message.
    const before = ['Earlier?', 'Long ago.', 'Which colour?', 'Blue.', 'And why?', 'Because.'];
    assert.deepEqual(await contents(id, `?leaf=${old.user_message_id}`), before);
    assert.equal((await readSession(app, id)).active_message_id, message_id, 'reading selects nothing');
    await expectJson(await select(id, old.user_message_id), 200);
    assert.deepEqual(await contents(id), before);
  });

  test('the first question can be edited too', async () => {
    const id = await createSession(app);
    const old = await askAs(id, 'Which colour?', 'Blue.');
    say('Round.');
    const { user_message_id } = eventOf(
      await readAllEvents(await edit(old.user_message_id, 'Which shape?')),
      'start',
    );
    const { messages } = await readSession(app, id);
    assert.deepEqual(await contents(id), ['Which shape?', 'Round.']);
    assert.deepEqual(messages[0]?.versions, [old.user_message_id, user_message_id]);
    assert.equal(messages[0]?.parent_id, null);
  });

  test('a question goes on from the branch that is selected, or from the answer that it names', async () => {
    const id = await createSession(app);
    const blue = await askAs(id, 'Which colour?', 'Blue.');
    say('Green.');
    const green = eventOf(await readAllEvents(await regenerate(blue.message_id)), 'start');
    await expectJson(await select(id, blue.message_id), 200);
    await askAs(id, 'Why?', 'Like the sky.');
    assert.deepEqual(promptedHistory(), ['Which colour?', 'Blue.']);
    assert.deepEqual(await contents(id), ['Which colour?', 'Blue.', 'Why?', 'Like the sky.']);
    await askAs(id, 'Why?', 'Like grass.', { parent_id: green.message_id });
    assert.deepEqual(promptedHistory(), ['Which colour?', 'Green.']);
    assert.deepEqual(await contents(id), ['Which colour?', 'Green.', 'Why?', 'Like grass.']);
  });

  test('the scope of a question holds for its new answers until another is given', async () => {
    const texts = ['The harbour has 14 lamps.', 'The harbour has 15 lamps.'];
    const [first, second] = [await upload(app, texts[0] ?? ''), await upload(app, texts[1] ?? '')];
    const id = await createSession(app);
    const documentsOf = async (response: Response) => [
      ...new Set(eventOf(await readAllEvents(response), 'sources').sources.map(source => source.document_id)),
    ];
    const question = 'How many lamps has the harbour?';
    const response = await postQuestion(app, id, question, { document_ids: [first] });
    assert.deepEqual(await documentsOf(response), [first]);
    const [asked] = await readHistory(app, id);
    assert.ok(asked);
    assert.deepEqual(await documentsOf(await regenerate(asked.id)), [first]);
    assert.deepEqual(await documentsOf(await edit(asked.id, `${question} Tell me.`)), [first]);
    assert.deepEqual(await documentsOf(await regenerate(asked.id, { document_ids: [second] })), [second]);
  });

  test('while an answer is written, every other way to ask in its session gets 409 naming it', async () => {
    const id = await createSession(app);
    const first = await askAs(id, 'Which colour?', 'Blue.');
    const before = await readSession(app, id);
    model.script(answer('Slowly but surely.', { after: { tokens: 1, next: 'hang' } }));
    const running = await regenerate(first.message_id);
    const { active_message_id } = await readSession(app, id);
    assert.notEqual(active_message_id, before.active_message_id);
    for (const response of [
      await postQuestion(app, id, 'Another?'),
      await regenerate(first.message_id),
      await edit(first.user_message_id, 'Which shape?'),
    ]) {
      const { message_id } = await expectError(response, 409, 'session_busy');
      assert.equal(message_id, active_message_id);
    }
    await app.fetch(`/api/chat/${active_message_id}/stop/`, { method: 'POST' });
    assert.match('Slowly but surely.', new RegExp(`^${contentOf(await readAllEvents(running))}`));
    assert.equal((await readSession(app, id)).messages.length, 2, 'what was refused left nothing');
  });

  test('10 ways to ask at once in one session: one runs, the rest get 409', async () => {
    const id = await createSession(app);
    const first = await askAs(id, 'Which colour?', 'Blue.');
    model.script(answer('One of ten.', { tokensPerSecond: 5 }));
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        [
          () => postQuestion(app, id, 'Another?'),
          () => regenerate(first.message_id),
          () => edit(first.user_message_id, 'Which shape?'),
        ][index % 3]?.(),
      ),
    );
    assert.deepEqual(all.map(response => response?.status).sort(), [200, ...Array<number>(9).fill(409)]);
    await Promise.all(all.map(response => response?.text()));
  });

  test('with an Idempotency-Key a branch is made once, however often it is asked for', async () => {
    const id = await createSession(app);
    const first = await askAs(id, 'Which colour?', 'Blue.');
    const send = (path: string, body: object, key: string) =>
      app.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      });
    const requests = [
      ['again', `/api/chat/${first.message_id}/regenerate/`, {}],
      ['edited', `/api/message/${first.user_message_id}/edit/`, { message: 'Which shape?' }],
    ] as const;
    for (const [key, path, body] of requests) {
      const asked = model.requests.length;
      const started = await Promise.all([send(path, body, key), send(path, body, key)]);
      started.push(await send(path, body, key));
      const ids = await Promise.all(
        started.map(async response => eventOf(await readAllEvents(response), 'start').message_id),
      );
      assert.equal(new Set(ids).size, 1, key);
      assert.equal(model.requests.length, asked + 1, key);
    }
    const [, path, body] = requests[1];
    const other = await send(path, { ...body, message: 'Which size?' }, 'edited');
    await expectError(other, 422, 'idempotency_key_reused');
  });

  test('what can not be regenerated, edited, selected or followed is refused, and nothing is stored', async () => {
    const id = await createSession(app);
    const other = await createSession(app);
    const mine = await askAs(id, 'Which colour?', 'Blue.');
    const foreign = await askAs(other, 'Which colour?', 'Blue.');
    const gone = 999_999_999;
    for (const response of [
      await regenerate(gone),
      await edit(gone, 'What?'),
      await select(id, gone),
      await select(id, foreign.message_id),
      await select(gone, mine.message_id),
      await postQuestion(app, id, 'What?', { parent_id: gone }),
      await postQuestion(app, id, 'What?', { parent_id: foreign.message_id }),
      await postQuestion(app, id, 'What?', { parent_id: mine.user_message_id }),
      await app.fetch(`/api/session/${id}/messages/?leaf=${foreign.message_id}`),
      await app.fetch(`/api/session/${id}/messages/?leaf=${gone}`),
    ])
      await expectError(response, 404, 'not_found');
    for (const response of [
      await edit(mine.message_id, 'An answer can not be edited'),
      await edit(mine.user_message_id, ' \u200b\n'),
      await regenerate(mine.message_id, { colour: 'red' }),
      await edit(mine.user_message_id, 'What?', { colour: 'red' }),
      await app.fetch(`/api/session/${id}/messages/?leaf=x`),
    ])
      await expectError(response, 400, 'invalid_request');
    const { messages, active_message_id } = await readSession(app, id);
    assert.deepEqual([messages.length, active_message_id], [2, mine.message_id]);
  });

  test('a deleted session takes all its branches along', async () => {
    const id = await createSession(app);
    const first = await askAs(id, 'Which colour?', 'Blue.');
    say('Green.');
    await readAllEvents(await regenerate(first.message_id));
    say('Round.');
    await readAllEvents(await edit(first.user_message_id, 'Which shape?'));
    const response = await app.fetch(`/api/session/${id}/`, { method: 'DELETE' });
    const { deleted, remaining } = sessionDeletion.parse(await expectJson(response, 200));
    assert.deepEqual([deleted.messages, remaining], [5, 0]);
    for (const message of [first.message_id, first.user_message_id])
      await expectError(await regenerate(message), 404, 'not_found');
  });
});
