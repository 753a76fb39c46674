import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { createSession, expectError, readHistory } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, readAllEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

onEachDatabase('a question with an Idempotency-Key', createApp => {
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

  const post = (sessionId: number, message: string, key: string) =>
    app.fetch('/api/chat/', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ session_id: sessionId, message }),
    });

  test('sent ten times at once is asked once, and everybody reads the same answer', async () => {
    const words = Array.from({ length: 20 }, (_, index) => `word${index}`).join(' ');
    fake.script(answer(words, { tokensPerSecond: 100 }));
    const sessionId = await createSession(app);
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => post(sessionId, 'Once?', 'at-once')),
    );
    const streams = await Promise.all(responses.map(readAllEvents));
    for (const events of streams) {
      assert.equal(contentOf(events), words);
      assert.deepEqual(eventOf(events, 'done'), eventOf(streams[0] ?? [], 'done'));
    }
    assert.equal(fake.requests.length, 1);
    assert.equal((await readHistory(app, sessionId)).length, 2);
  });

  test('sent again later replays the finished answer, also after a restart', async () => {
    const sessionId = await createSession(app);
    const first = await readAllEvents(await post(sessionId, 'Twice?', 'later'));
    assert.equal(contentOf(await readAllEvents(await post(sessionId, 'Twice?', 'later'))), contentOf(first));
    await app.restart();
    const again = await readAllEvents(await post(sessionId, 'Twice?', 'later'));
    assert.deepEqual(eventOf(again, 'done'), eventOf(first, 'done'));
    assert.deepEqual(eventOf(again, 'sources'), eventOf(first, 'sources'));
    assert.equal(fake.requests.length, 1);
  });

  test('is refused for another question, naming the answer of the first', async () => {
    const sessionId = await createSession(app);
    const { message_id } = eventOf(await readAllEvents(await post(sessionId, 'This?', 'reused')), 'start');
    const error = await expectError(await post(sessionId, 'That?', 'reused'), 422, 'idempotency_key_reused');
    assert.equal(error.message_id, message_id);
    assert.equal((await readHistory(app, sessionId)).length, 2);
  });

  test('must be a key', async () => {
    const sessionId = await createSession(app);
    for (const key of ['', 'with space', 'x'.repeat(256)])
      await expectError(await post(sessionId, 'Which?', key), 400, 'invalid_request');
  });

  test('is forgotten after a day', async () => {
    const sessionId = await createSession(app);
    await readAllEvents(await post(sessionId, 'Yesterday?', 'old'));
    await app.inspect(db =>
      sql`UPDATE messages SET created_at = created_at - interval '24 hours 1 second'`.execute(db),
    );
    await app.restart();
    await readAllEvents(await post(sessionId, 'Today?', 'old'));
    assert.equal((await readHistory(app, sessionId)).length, 4);
  });
});
