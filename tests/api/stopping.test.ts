import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { stoppedAnswer } from '../../contract/chat.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  postQuestion,
  readHistory,
  upload,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, readAllEvents, readEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

const handbook = 'Every employee has thirty days of vacation a year. Lunch costs 6.50 euros.';
const question = 'How many days of vacation does every employee have?';

onEachDatabase('stopping an answer', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl });
    await upload(app, handbook, 'handbook.txt');
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

  test('keeps what was held back at that moment, its citation and the check', async () => {
    // Whether "[1]" is a marker or a link, what follows it would tell; so it waits.
    const text = 'Every employee has 31 days of vacation a year [7]. Lunch costs 6.50 euros [1]';
    const shown = 'Every employee has 31 days of vacation a year. Lunch costs 6.50 euros [1]';
    fake.script(answer(text, { after: { tokens: 15, next: 'hang' } }));
    const sessionId = await createSession(app);
    const events = [];
    for await (const event of readEvents(await postQuestion(app, sessionId, question))) {
      events.push(event);
      if (event.type !== 'content' || !contentOf(events).endsWith('euros')) continue;
      await readStop(eventOf(events, 'start').message_id);
    }
    assert.equal(contentOf(events), shown);
    const citation = eventOf(events, 'citation');
    assert.deepEqual([citation.quote, citation.verified], ['Lunch costs 6.50 euros.', true]);
    assert.deepEqual(eventOf(events, 'check'), {
      type: 'check',
      removed_markers: 1,
      unverified: 0,
      unsupported_numbers: [{ text: '31', answer_start: 19, answer_end: 21 }],
    });
    assert.equal(eventOf(events, 'done').finish_reason, 'stopped');
    const stopped = (await readHistory(app, sessionId)).at(-1);
    assert.deepEqual(
      [stopped?.content, stopped?.citations, stopped?.check],
      [shown, [citation], eventOf(events, 'check')],
    );
  });

  test('a crash leaves the saved part with its citations and the check', async () => {
    fake.script(answer('Lunch costs 6.50 euros [1]. And 99 days of vacation a year [1].'));
    const sessionId = await createSession(app);
    const whole = await ask(app, sessionId, question);
    const start = eventOf(whole, 'start');
    const { sources } = eventOf(whole, 'sources');
    const saved = 'Lunch costs 6.50 euros [1]. And 99 days of vacation a year [1]';
    const events = [
      [1, start],
      [2, { type: 'sources', sources }],
    ];
    await app.inspect(async db => {
      // As its process would have left it.
      await sql`
        UPDATE messages SET state = 'running', content = '', evidence = NULL, stream = NULL, usage = NULL,
          finish_reason = NULL, lease_until = now() - interval '1 s' WHERE id = ${start.message_id}`.execute(
        db,
      );
      await sql`DELETE FROM stream_events WHERE message_id = ${start.message_id}`.execute(db);
      await sql`
        INSERT INTO stream_events (workspace_id, message_id, sequence, first_sequence, content, events)
        SELECT workspace_id, id, ${2 + saved.length}::bigint, 0, ${saved}, ${JSON.stringify(events)}::jsonb
        FROM messages WHERE id = ${start.message_id}`.execute(db);
    });
    await app.restart();
    const left = (await readHistory(app, sessionId)).at(-1);
    assert.deepEqual([left?.state, left?.content], ['interrupted', saved]);
    const claims = left?.citations.map(one => saved.slice(one.answer_start, one.answer_end));
    assert.deepEqual(claims, ['Lunch costs 6.50 euros [1]', 'And 99 days of vacation a year [1]']);
    assert.deepEqual(
      left?.citations.map(({ verified }) => verified),
      [true, false],
    );
    assert.equal(left?.check?.unverified, 1);
    assert.deepEqual(
      left?.check?.unsupported_numbers.map(({ text }) => text),
      ['99'],
    );
    const replayed = await app.fetch(`/api/chat/${start.message_id}/stream/`, {
      headers: { 'last-event-id': String(2 + saved.length) },
    });
    assert.deepEqual(
      (await readAllEvents(replayed)).map(({ type }) => type),
      ['citation', 'citation', 'check', 'error'],
    );
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
