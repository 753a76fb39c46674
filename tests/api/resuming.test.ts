import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { StreamEvent } from '../../contract/chat.ts';
import { createSession, expectError, postQuestion, readHistory, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, type NumberedStreamEvent, readNumberedEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

const words = Array.from({ length: 60 }, (_, index) => `wörd${index}😀`).join(' ');
/** Takes a second. */
const slowAnswer = answer(words, { tokensPerSecond: 60 });

/** Every unit of a stream by itself: streams that were cut in other places compare. */
const unitsOf = (events: NumberedStreamEvent[]) =>
  events.flatMap(({ event }): (string | StreamEvent)[] =>
    event.type === 'content' ? event.content.split('') : [event],
  );

async function readSome(response: Response, enough = (_: NumberedStreamEvent) => false) {
  const events: NumberedStreamEvent[] = [];
  for await (const event of readNumberedEvents(response)) {
    events.push(event);
    if (enough(event)) break;
  }
  return events;
}

onEachDatabase('resuming an answer', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl, env: { KEEP_ALIVE_SECONDS: '0.1' } });
    await upload(app, 'Every word of an answer arrives once, and in its order.');
  });
  after(() => fake.close());

  const resume = (messageId: number, lastEventId?: number | string) =>
    app.fetch(`/api/chat/${messageId}/stream/`, {
      headers: lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) },
    });
  const begin = async () => readNumberedEvents(await postQuestion(app, await createSession(app), 'Go on?'));
  const messageIdOf = async (reading: AsyncGenerator<NumberedStreamEvent>) => {
    const first = await reading.next();
    assert.ok(first.value?.event.type === 'start');
    return first.value.event.message_id;
  };

  test('every event has an id, and each is greater than the one before', async () => {
    fake.script(slowAnswer);
    const events = await readSome(await postQuestion(app, await createSession(app), 'Numbers?'));
    assert.ok(events.length > 10);
    assert.deepEqual(
      events.map(({ id }) => id),
      [...new Set(events.map(({ id }) => id))].toSorted((a, b) => a - b),
    );
    assert.equal(contentOf(events.map(({ event }) => event)), words);
  });

  test('a client that lost its connection goes on where it was, without gap or repetition', async () => {
    fake.script(slowAnswer);
    const reading = await begin();
    const messageId = await messageIdOf(reading);
    const whole = readSome(await resume(messageId));
    let seen = 1;
    const joined: NumberedStreamEvent[] = [];
    // Leaves after every few events and comes back.
    for (let isOver = false; !isOver; ) {
      let left = 4;
      const part = await readSome(await resume(messageId, seen), () => --left === 0);
      joined.push(...part);
      seen = part.at(-1)?.id ?? seen;
      isOver = part.some(({ event }) => event.type === 'done');
    }
    assert.deepEqual(unitsOf(joined), unitsOf(await whole).slice(1));
    assert.equal(contentOf(joined.map(({ event }) => event)), words);
    await reading.return(undefined);
  });

  test('a finished answer replays after any of its events, also after a restart', async () => {
    fake.script(answer('Eins 😀 zwei [1].', { tokensPerSecond: 100 }));
    const events = await readSome(await postQuestion(app, await createSession(app), 'Which word?'));
    const [first] = events;
    assert.ok(first?.event.type === 'start');
    const { message_id: messageId } = first.event;
    for (const round of ['running', 'restarted']) {
      if (round === 'restarted') await app.restart();
      assert.deepEqual(unitsOf(await readSome(await resume(messageId))), unitsOf(events));
      for (const { id } of events.slice(0, -1)) {
        const rest = await readSome(await resume(messageId, id));
        assert.deepEqual(unitsOf(rest), unitsOf(events.filter(event => event.id > id)), `after ${id}`);
      }
    }
    const fromQuery = await app.fetch(`/api/chat/${messageId}/stream/?last_event_id=${events.at(-2)?.id}`);
    assert.deepEqual(await readSome(fromQuery), events.slice(-1));
  });

  test('whoever has seen the end gets 204, which ends an EventSource', async () => {
    const events = await readSome(await postQuestion(app, await createSession(app), 'Over?'));
    const [first] = events;
    assert.ok(first?.event.type === 'start');
    const response = await resume(first.event.message_id, events.at(-1)?.id);
    assert.equal(response.status, 204);
    assert.equal(await response.text(), '');
  });

  test('an id that is none gets 400, an answer that is none 404', async () => {
    const sessionId = await createSession(app);
    await readSome(await postQuestion(app, sessionId, 'Where?'));
    const [question, answered] = await readHistory(app, sessionId);
    for (const wrong of ['x', '-1', '1.5', '9'.repeat(16), '1 2'])
      await expectError(await resume(answered?.id ?? 0, wrong), 400, 'invalid_request');
    await expectError(
      await app.fetch(`/api/chat/${answered?.id}/stream/?last_event_id=x`),
      400,
      'invalid_request',
    );
    await expectError(await resume(999_999_999), 404, 'not_found');
    await expectError(await resume(question?.id ?? 0), 404, 'not_found');
  });

  test('a silent stream has comments that keep its connection', async () => {
    fake.script(answer('One two.', { after: { tokens: 1, next: 'hang' } }));
    const response = await postQuestion(app, await createSession(app), 'Silent?');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    await waitUntil('two comments have come', async () => {
      text += (await reader?.read())?.value ?? '';
      return /(: keep-alive\n\n.*){2}/s.test(text);
    });
    const messageId = /"message_id":(\d+)/.exec(text)?.[1];
    await app.fetch(`/api/chat/${messageId}/stop/`, { method: 'POST' });
    await reader?.cancel();
  });

  test('an emoji that comes byte by byte arrives whole', async () => {
    const family = 'A family: 👨‍👩‍👧‍👦, and a flag: 🏴‍☠️.';
    fake.script(answer(family, { byteByByte: true }));
    const sessionId = await createSession(app);
    const events = await readSome(await postQuestion(app, sessionId, 'Which family?'));
    assert.equal(contentOf(events.map(({ event }) => event)), family);
    for (const { event } of events) if (event.type === 'content') assert.ok(event.content.isWellFormed());
    assert.equal((await readHistory(app, sessionId))[1]?.content, family);
  });

  test('a deleted session ends its running answer, upstream too', async () => {
    fake.requests.length = 0;
    fake.script(answer('One two.', { after: { tokens: 1, next: 'hang' } }));
    const sessionId = await createSession(app);
    const reading = readSome(await postQuestion(app, sessionId, 'Until when?'));
    await waitUntil('the model is asked', () => fake.requests[0]);
    assert.equal((await app.fetch(`/api/session/${sessionId}/`, { method: 'DELETE' })).status, 200);
    assert.equal(await fake.requests[0]?.closed, 'aborted');
    const last = (await reading).at(-1)?.event;
    assert.ok(last?.type === 'error' && last.code === 'not_found');
  });
});
