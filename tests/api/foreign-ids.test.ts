import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { sessionList } from '../../contract/sessions.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  postJson,
  postQuestion,
  readSession,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { onEachDatabase } from '../on-each-database.ts';

onEachDatabase('ids of sessions and messages', createApp => {
  let app: TestApp;
  /** A session with a question and its answer, in another workspace. */
  const foreign = { session: 900_001, question: 900_002, answer: 900_003 };
  const unknown = { session: 999_991, question: 999_992, answer: 999_993 };
  let deleted: typeof foreign;
  let own: typeof foreign;

  before(async () => {
    app = await createApp();
    const begin = async () => {
      const session = await createSession(app);
      const { user_message_id, message_id } = eventOf(
        await ask(app, session, 'Where is the canary?'),
        'start',
      );
      return { session, question: user_message_id, answer: message_id };
    };
    own = await begin();
    deleted = await begin();
    await app.fetch(`/api/session/${deleted.session}/`, { method: 'DELETE' });
    await app.inspect(async db => {
      await sql`INSERT INTO workspaces (id, name) VALUES (900000, 'another')`.execute(db);
      await sql`INSERT INTO sessions (workspace_id, id, title, title_origin, active_message_id)
        VALUES (900000, ${foreign.session}, 'The canary', 'question', ${foreign.answer})`.execute(db);
      await sql`INSERT INTO messages (workspace_id, id, session_id, parent_id, role, content, state) VALUES
        (900000, ${foreign.question}, ${foreign.session}, NULL, 'user', 'Where is the canary?', 'complete'),
        (900000, ${foreign.answer}, ${foreign.session}, ${foreign.question}, 'assistant', 'A canary.', 'complete')`.execute(
        db,
      );
    });
    await app.restart();
  });

  const send = (method: string, path: string, body?: object) =>
    app.fetch(path, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  const requests: Record<string, (ids: typeof foreign) => Promise<Response>> = {
    'reading a session': ({ session }) => send('GET', `/api/session/${session}/`),
    'reading its history': ({ session }) => send('GET', `/api/session/${session}/messages/`),
    'exporting it': ({ session }) => send('GET', `/api/session/${session}/export/`),
    'exporting it as JSON': ({ session }) => send('GET', `/api/session/${session}/export/?format=json`),
    'naming it': ({ session }) => send('PATCH', `/api/session/${session}/`, { title: 'Mine' }),
    'turning it to a branch': ({ session, answer }) =>
      send('PATCH', `/api/session/${session}/`, { active_message_id: answer }),
    'deleting it': ({ session }) => send('DELETE', `/api/session/${session}/`),
    'asking in it': ({ session }) => postQuestion(app, session, 'Where is the canary?'),
    'asking below its answer': ({ answer }) =>
      postQuestion(app, own.session, 'Where is the canary?', { parent_id: answer }),
    'turning an own session to its branch': ({ answer }) =>
      send('PATCH', `/api/session/${own.session}/`, { active_message_id: answer }),
    'reading its branch of an own session': ({ answer }) =>
      send('GET', `/api/session/${own.session}/messages/?leaf=${answer}`),
    'answering its question anew': ({ question }) => send('POST', `/api/chat/${question}/regenerate/`),
    'replacing its answer': ({ answer }) => send('POST', `/api/chat/${answer}/regenerate/`),
    'editing its question': ({ question }) =>
      postJson(app, `/api/message/${question}/edit/`, { message: 'What?' }),
    'rating its answer': ({ answer }) => postJson(app, `/api/message/${answer}/feedback/`, { rating: 'up' }),
    'reading its trace': ({ answer }) => send('GET', `/api/message/${answer}/trace/`),
    'making a case of it': ({ answer }) => postJson(app, '/api/evaluation/case/', { message_id: answer }),
  };
  for (const [what, request] of Object.entries(requests))
    test(`${what} gets the same 404 for an unknown, a deleted and a foreign one`, async () => {
      const messages = new Set<string>();
      for (const ids of [unknown, deleted, foreign])
        messages.add((await expectError(await request(ids), 404, 'not_found')).message);
      assert.equal(messages.size, 1);
    });

  test('foreign sessions are neither listed nor found', async () => {
    for (const query of ['', '?q=canary']) {
      const response = await app.fetch(`/api/session/${query}`);
      const { sessions } = sessionList.parse(await expectJson(response, 200));
      assert.deepEqual(
        sessions.map(({ id }) => id),
        [own.session],
      );
    }
  });

  test('the foreign session is as it was, and so is the own', async () => {
    assert.equal((await readSession(app, own.session)).messages.length, 2);
    const left = await app.inspect(db =>
      db.selectFrom('messages').select('content').where('workspace_id', '=', 900_000).orderBy('id').execute(),
    );
    assert.deepEqual(
      left.map(({ content }) => content),
      ['Where is the canary?', 'A canary.'],
    );
  });
});
