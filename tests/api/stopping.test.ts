import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { stoppedAnswer } from '../../contract/chat.ts';
import { ask, createSession, expectError, expectJson, postQuestion, readHistory } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, readEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

onEachDatabase('stopping an answer', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.requests.length = 0;
  });

  const stop = (id: number) => app.fetch(`/api/chat/${id}/stop/`, { method: 'POST' });
  const readStop = async (id: number) => stoppedAnswer.parse(await expectJson(await stop(id), 200));

  test('closes the connection to the model within a second and keeps the part', async () => {
    fake.script(answer('One two three.', { after: { tokens: 2, next: 'hang' } }));
    const sessionId = await createSession(app);
    const events = [];
    let messageId = 0;
    for await (const event of readEvents(await postQuestion(app, sessionId, 'Will you stop?'))) {
      events.push(event);
      if (event.type === 'start') messageId = event.message_id;
      if (event.type !== 'content' || contentOf(events) !== 'One two') continue;
      const askedMs = performance.now();
      assert.deepEqual(await readStop(messageId), {
        message_id: messageId,
        state: 'complete',
        finish_reason: 'stopped',
      });
      assert.equal(await fake.requests[0]?.closed, 'aborted');
      assert.ok(performance.now() - askedMs < 1_000);
    }
    const usage = eventOf(events, 'usage');
    assert.ok(usage.estimated && usage.completion_tokens > 0 && usage.prompt_tokens > 0);
    assert.deepEqual(events.at(-1), { type: 'done', message_id: messageId, finish_reason: 'stopped' });
    const [, stopped] = await readHistory(app, sessionId);
    assert.equal(stopped?.content, 'One two');
    assert.equal(stopped?.finish_reason, 'stopped');
    assert.equal(contentOf(await ask(app, sessionId, 'Another?')), 'A fake answer.');
  });

  test('before the first word there is nothing to keep', async () => {
    fake.script({ kind: 'hang-before-headers' });
    const sessionId = await createSession(app);
    await postQuestion(app, sessionId, 'Silent?');
    await waitUntil('the model is asked', () => fake.requests[0]);
    const [, running] = await readHistory(app, sessionId);
    assert.equal((await readStop(running?.id ?? 0)).finish_reason, 'stopped');
    assert.equal(await fake.requests[0]?.closed, 'aborted');
    assert.equal((await readHistory(app, sessionId))[1]?.content, '');
  });

  test('twice is like once, and an answer that has ended stays as it was', async () => {
    const sessionId = await createSession(app);
    const whole = await ask(app, sessionId, 'To the end?');
    const { message_id: messageId } = eventOf(whole, 'done');
    for (let time = 1; time <= 2; time += 1)
      assert.deepEqual(await readStop(messageId), {
        message_id: messageId,
        state: 'complete',
        finish_reason: 'stop',
      });
    assert.equal((await readHistory(app, sessionId))[1]?.content, contentOf(whole));
  });

  test('an answer that is none gets 404, a field that is none 400', async () => {
    await expectError(await stop(999_999_999), 404, 'not_found');
    const sessionId = await createSession(app);
    await ask(app, sessionId, 'A question is no answer?');
    const [question, answered] = await readHistory(app, sessionId);
    await expectError(await stop(question?.id ?? 0), 404, 'not_found');
    const withBody = await app.fetch(`/api/chat/${answered?.id}/stop/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"now":true}',
    });
    await expectError(withBody, 400, 'invalid_request');
  });
});
