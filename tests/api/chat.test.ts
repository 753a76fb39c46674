import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { ask, createSession, expectError, postQuestion, readHistory, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, eventsOf, readAllEvents, readEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

const vacation = 'Every employee has thirty days of vacation a year. 😀 Unused days expire in March.';
const printer = 'The printer 🖨 on the second floor uses toner cartridge TN-2420.';

onEachDatabase('chat with a language model', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  let vacationId: number;
  let printerId: number;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl });
    vacationId = await upload(app, vacation, 'vacation.txt');
    printerId = await upload(app, printer, 'printer.txt');
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.requests.length = 0;
  });

  const lastPrompt = () => fake.requests.at(-1)?.body.messages ?? [];

  test('the events come in their order, and the history holds what was streamed', async () => {
    fake.script(answer('Thirty days [1].', { byteByByte: true }));
    const sessionId = await createSession(app);
    const events = await ask(app, sessionId, 'How many days of vacation do I have?');
    const types = events.map(event => event.type).filter((type, index, all) => type !== all[index - 1]);
    assert.deepEqual(types, [
      'start',
      'stage',
      'sources',
      'stage',
      'content',
      'citation',
      'check',
      'usage',
      'done',
    ]);
    assert.deepEqual(
      eventsOf(events, 'stage').map(event => event.stage),
      ['searching', 'reading', 'writing'],
    );
    const start = eventOf(events, 'start');
    const done = eventOf(events, 'done');
    assert.equal(start.session_id, sessionId);
    assert.deepEqual(done, { type: 'done', message_id: start.message_id, finish_reason: 'stop' });
    assert.equal(contentOf(events), 'Thirty days [1].');

    const [question, answered] = await readHistory(app, sessionId);
    assert.equal(question?.id, start.user_message_id);
    assert.equal(answered?.id, start.message_id);
    assert.equal(answered?.content, 'Thirty days [1].');
    assert.equal(answered?.state, 'complete');
    assert.equal(answered?.model, 'fake-model');
    const then = eventOf(events, 'sources').sources.map(source => ({ ...source, state: 'current' }));
    assert.deepEqual(answered?.sources, then);
  });

  test('a source’s quote is the text of its document from start to end, and the model reads it', async () => {
    const events = await ask(app, await createSession(app), 'Which toner does the printer use?');
    const { sources } = eventOf(events, 'sources');
    const texts = new Map([
      [vacationId, vacation],
      [printerId, printer],
    ]);
    assert.equal(sources[0]?.document_id, printerId);
    for (const source of sources) {
      assert.equal(source.quote, texts.get(source.document_id)?.slice(source.start, source.end));
      assert.ok(lastPrompt().at(-1)?.content.includes(source.quote));
    }
    assert.equal(eventOf(events, 'usage').budget.documents.included.length, sources.length);
  });

  test('document_ids narrow the search to these documents', async () => {
    const question = 'Which toner does the printer use?';
    const sessionId = await createSession(app);
    for (const [documentIds, expected] of [
      [[vacationId], [vacationId]],
      [[printerId], [printerId]],
      [[Number.MAX_SAFE_INTEGER], []],
    ] as const) {
      const events = await ask(app, sessionId, question, { document_ids: documentIds });
      const found = new Set(eventOf(events, 'sources').sources.map(source => source.document_id));
      assert.ok([...found].every(id => (expected as readonly number[]).includes(id)));
      assert.equal(eventsOf(events, 'stage')[1]?.documents, expected.length);
    }
  });

  test('the whole turns before are sent to the model, oldest first', async () => {
    const sessionId = await createSession(app);
    fake.script(answer('First answer.'), answer('Second answer.'));
    await ask(app, sessionId, 'First question?');
    await ask(app, sessionId, 'Second question?');
    await ask(app, sessionId, 'Third question?');
    const [system, ...turns] = lastPrompt();
    assert.equal(system?.role, 'system');
    assert.deepEqual(turns.slice(0, -1), [
      { role: 'user', content: 'First question?' },
      { role: 'assistant', content: 'First answer.' },
      { role: 'user', content: 'Second question?' },
      { role: 'assistant', content: 'Second answer.' },
    ]);
    assert.match(turns.at(-1)?.content ?? '', /Question: Third question\?$/);
  });

  test('of ten questions at once in one session one runs and the others get 409 with its id', async () => {
    fake.script({ kind: 'hang-before-headers' });
    const sessionId = await createSession(app);
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_, index) => postQuestion(app, sessionId, `Question ${index}?`)),
    );
    const running = responses.filter(response => response.status === 200);
    assert.equal(running.length, 1);
    const history = await readHistory(app, sessionId);
    assert.deepEqual(
      history.map(message => message.state),
      ['complete', 'running'],
    );
    for (const response of responses.filter(each => each.status !== 200)) {
      const error = await expectError(response, 409, 'session_busy');
      assert.equal(error.message_id, history[1]?.id);
    }
    // What is scripted for it would otherwise be left for the question of another test.
    await waitUntil('the model is asked', () => fake.requests[0]);
    // The answer that hangs must end for the app to close: the model's server hangs up.
    await running[0]?.body?.cancel();
    await app.fetch(`/api/session/${sessionId}/`, { method: 'DELETE' });
  });

  test('a question in one session does not wait for that of another', async () => {
    const [busy, free] = [await createSession(app), await createSession(app)];
    fake.script(answer('Slow words of an answer.', { after: { tokens: 2, next: 'hang' } }), answer('Quick.'));
    const slow = readEvents(await postQuestion(app, busy, 'A slow one?'));
    for (let seen = ''; seen !== 'content'; ) seen = (await slow.next()).value?.type ?? 'content';
    assert.equal(contentOf(await ask(app, free, 'A quick one?')), 'Quick.');
    await slow.return(undefined);
  });

  test('a client that leaves does not end the answer: it is saved whole', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
    fake.script(answer(words, { tokensPerSecond: 100 }));
    const sessionId = await createSession(app);
    const leaving = new AbortController();
    const response = await app.fetch('/api/chat/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session_id: sessionId, message: 'Will you go on without me?' }),
      signal: leaving.signal,
    });
    for await (const event of readEvents(response)) if (event.type === 'content') break;
    leaving.abort();
    const saved = await waitUntil('the answer is saved', async () => {
      const message = (await readHistory(app, sessionId))[1];
      return message?.state === 'running' ? undefined : message;
    });
    assert.equal(saved.content, words);
    assert.equal(saved.state, 'complete');
  });

  test('the path works without its trailing slash', async () => {
    const sessionId = await createSession(app);
    const body = JSON.stringify({ session_id: sessionId, message: 'Does it?' });
    const headers = { 'content-type': 'application/json' };
    const events = await readAllEvents(await app.fetch('/api/chat', { method: 'POST', headers, body }));
    assert.equal(contentOf(events), 'A fake answer.');
  });
});

onEachDatabase('a small context', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel({ defaultBehaviour: answer('Some words.') });
    // 1,000 tokens: 300 for the prompt, 200 for documents, 40 for the question, 100 for the answer, 300 history.
    app = await createApp({
      languageModelUrl: fake.baseUrl,
      env: {
        MAX_CONTEXT_TOKENS: '1000',
        SYSTEM_PROMPT_TOKENS: '300',
        DOCUMENT_CONTEXT_TOKENS: '200',
        CURRENT_MESSAGE_TOKENS: '40',
        RESERVED_FOR_RESPONSE: '100',
        SAFETY_BUFFER: '60',
      },
    });
  });
  after(() => fake.close());

  test('only the newest turns are sent, each whole, and the account says how many were left out', async () => {
    const sessionId = await createSession(app);
    const question = (number: number) => `Question ${number}: ${'why '.repeat(90)}?`;
    for (let number = 1; number <= 4; number += 1) await ask(app, sessionId, question(number));
    const events = await ask(app, sessionId, 'And the last?');
    const prompt = fake.requests.at(-1)?.body.messages ?? [];
    assert.deepEqual(
      prompt
        .slice(1, -1)
        .filter(({ role }) => role === 'user')
        .map(({ content }) => content),
      [question(2).trim(), question(3).trim(), question(4).trim()].slice(-(prompt.length - 2) / 2),
    );
    const { history, total_used } = eventOf(events, 'usage').budget;
    assert.deepEqual(
      [history.turns_included, history.turns_left_out],
      [(prompt.length - 2) / 2, 4 - (prompt.length - 2) / 2],
    );
    assert.ok(history.turns_included >= 1 && history.turns_left_out >= 1);
    assert.ok(total_used <= 1000 - 100 - 60);
  });

  test('a session of 10,000 turns still answers, and every turn is counted', async () => {
    const sessionId = await createSession(app);
    await ask(app, sessionId, 'Question 1?');
    await app.inspect(db =>
      sql`
        WITH last AS (
          SELECT workspace_id, id AS session_id, active_message_id FROM sessions WHERE id = ${sessionId}
        ), ids AS (
          SELECT setval('message_ids', nextval('message_ids') + 20_000) - 20_000 AS first
        ), said AS (
          INSERT INTO messages (workspace_id, id, session_id, parent_id, role, content, token_count, state, search_terms)
          SELECT workspace_id, first + n, session_id, CASE n WHEN 1 THEN active_message_id ELSE first + n - 1 END,
            CASE n % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
            -- Some turns have no answer: they are none.
            CASE WHEN n % 200 = 0 THEN '' ELSE 'Some words.' END, 3, 'complete', ''
          FROM last, ids, generate_series(1, 19_998) AS n RETURNING id
        )
        UPDATE sessions SET active_message_id = (SELECT max(id) FROM said) WHERE id = ${sessionId}`.execute(
        db,
      ),
    );
    await app.restart();
    const events = await ask(app, sessionId, 'And the last?');
    const { history, total_used } = eventOf(events, 'usage').budget;
    const sent = fake.requests.at(-1)?.body.messages ?? [];
    assert.equal(history.turns_included, (sent.length - 2) / 2);
    assert.equal(history.turns_included + history.turns_left_out, 10_000 - 99);
    assert.ok(history.turns_included >= 40 && history.used <= history.budget);
    assert.ok(total_used <= 1000 - 100 - 60);
  });

  test('a question that fits nowhere ends with 413’s numbers, and no model is asked', async () => {
    fake.requests.length = 0;
    const response = await postQuestion(app, await createSession(app), 'why '.repeat(600));
    const error = await expectError(response, 413, 'message_too_large');
    assert.ok(Number(error.tokens) > Number(error.most_tokens));
    assert.match(error.message, new RegExp(`${error.tokens} tokens; at most ${error.most_tokens}`));
    assert.equal(fake.requests.length, 0);
  });
});
