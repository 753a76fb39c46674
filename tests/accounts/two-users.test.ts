import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { sessionList } from '../../contract/sessions.ts';
import { forAsker, forWorkspace } from '../../server/database/isolation/for-workspace.ts';
import type { Db } from '../../server/database/open-database.ts';
import { isOwn } from '../../server/sessions/owning/own-sessions.ts';
import { listSessions } from '../../server/sessions/searching/list-sessions.ts';
import {
  ask,
  type Client,
  createSession,
  expectError,
  expectJson,
  listDocuments,
  postJson,
  postQuestion,
  upload,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { watch } from '../faults/answer-client.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { createFirstAdmin, createKey, invite, readAccount, withKey } from './account-client.ts';

type Chat = { session: number; question: number; answer: number };

const unknown: Chat = { session: 987_001, question: 987_002, answer: 987_003 };

onEachDatabase('two users of one workspace', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  let ada: Client;
  let bob: Client;
  let chats: { ada: Chat; bob: Chat };

  const begin = async (client: Client, message: string): Promise<Chat> => {
    const session = await createSession(client);
    const start = eventOf(await ask(client, session, message), 'start');
    return { session, question: start.user_message_id, answer: start.message_id };
  };
  const list = async (client: Client, query = '') => {
    const { sessions } = sessionList.parse(
      await expectJson(await client.fetch(`/api/session/${query}`), 200),
    );
    return sessions.map(({ id }) => id);
  };

  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl });
    ada = await createFirstAdmin(app);
    // An owner: what owners manage is the workspace, and not what others ask.
    bob = await invite(app, ada, 'bob@example.com', 'owner');
    await upload(ada, 'The ferry to Tangen leaves at noon.');
    chats = {
      ada: await begin(ada, 'When does the ferry leave for my secret island?'),
      bob: await begin(bob, 'When does the ferry leave?'),
    };
  });
  after(() => fake.close());

  const json = (method: string, body: object) => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const post = { method: 'POST' };
  const requests: Record<string, (client: Client, of: Chat) => Promise<Response>> = {
    reading: (client, { session }) => client.fetch(`/api/session/${session}/`),
    'reading the history': (client, { session }) => client.fetch(`/api/session/${session}/messages/`),
    'reading a branch': (client, of) => client.fetch(`/api/session/${of.session}/?leaf=${of.answer}`),
    exporting: (client, { session }) => client.fetch(`/api/session/${session}/export/?format=markdown`),
    'exporting all': (client, { session }) => client.fetch(`/api/session/${session}/export/?format=json`),
    usage: (client, { session }) => client.fetch(`/api/session/${session}/usage/`),
    naming: (client, { session }) =>
      client.fetch(`/api/session/${session}/`, json('PATCH', { title: 'Mine' })),
    pinning: (client, { session }) =>
      client.fetch(`/api/session/${session}/`, json('PATCH', { pinned: true })),
    turning: (client, of) =>
      client.fetch(`/api/session/${of.session}/`, json('PATCH', { active_message_id: of.answer })),
    asking: (client, { session }) => postQuestion(client, session, 'And back?'),
    'asking below an answer': (client, of) =>
      postJson(client, '/api/chat/', { session_id: of.session, message: 'And back?', parent_id: of.answer }),
    streaming: (client, of) => client.fetch(`/api/chat/${of.answer}/stream/`),
    stopping: (client, of) => client.fetch(`/api/chat/${of.answer}/stop/`, post),
    regenerating: (client, of) => client.fetch(`/api/chat/${of.question}/regenerate/`, post),
    editing: (client, of) => postJson(client, `/api/message/${of.question}/edit/`, { message: 'Whose?' }),
    rating: (client, of) => postJson(client, `/api/message/${of.answer}/feedback/`, { rating: 'down' }),
    'rating a question': (client, of) =>
      postJson(client, `/api/message/${of.question}/feedback/`, { rating: 'down' }),
    tracing: (client, of) => client.fetch(`/api/message/${of.answer}/trace/`),
    'following up': (client, of) => client.fetch(`/api/message/${of.answer}/follow-ups/`),
    'making a case': (client, of) => postJson(client, '/api/evaluation/case/', { message_id: of.answer }),
    deleting: (client, { session }) => client.fetch(`/api/session/${session}/`, { method: 'DELETE' }),
  };

  for (const [what, send] of Object.entries(requests))
    test(`${what} is for one’s own: another’s is as one that never was, and one’s own works`, async () => {
      const told = new Set<string>();
      for (const chat of [chats.ada, unknown]) {
        const { message } = await expectError(await send(bob, chat), 404, 'not_found');
        told.add(message);
      }
      assert.equal(told.size, 1, [...told].join());
      const own = await begin(ada, `May I go on ${what}?`);
      const response = await send(ada, own);
      await response.text();
      // What rests on no source, or is a question, is known and refused.
      assert.ok(response.status < 300 || response.status === 400, `${what}: ${response.status}`);
    });

  test('what another tried has changed nothing', async () => {
    const body = await (await ada.fetch(`/api/session/${chats.ada.session}/`)).text();
    assert.ok(!/Mine|Whose|And back/.test(body), body);
    assert.match(body, /"pinned":false/);
    assert.match(body, /"feedback":null/);
  });

  test('lists and searches hold one’s own, and documents are everybody’s', async () => {
    assert.deepEqual(await list(bob), [chats.bob.session]);
    assert.ok((await list(ada)).includes(chats.ada.session));
    assert.ok(!(await list(ada)).includes(chats.bob.session));
    assert.deepEqual(await list(bob, '?q=ferry'), [chats.bob.session]);
    assert.deepEqual(await list(bob, '?q=secret'), []);
    assert.deepEqual(await list(ada, '?q=secret'), [chats.ada.session]);
    assert.deepEqual(
      (await listDocuments(bob)).documents.map(({ id }) => id),
      (await listDocuments(ada)).documents.map(({ id }) => id),
    );
  });

  test('an answer that is being written is followed and stopped by who asked only', async () => {
    fake.defaultBehaviour = answer('One two three.', { after: { tokens: 2, next: 'hang' } });
    const session_id = await createSession(ada);
    const seen = await watch(
      0,
      await postJson(ada, '/api/chat/', { session_id, message: 'When does the ferry leave?' }),
    );
    const { messageId } = seen;
    await expectError(await bob.fetch(`/api/chat/${messageId}/stream/`), 404, 'not_found');
    await expectError(await bob.fetch(`/api/chat/${messageId}/stop/`, post), 404, 'not_found');
    // Busy, but not a stranger's to know.
    await expectError(await postQuestion(bob, session_id, 'Is it busy?'), 404, 'not_found');
    assert.equal((await postQuestion(ada, session_id, 'Is it busy?')).status, 409);
    const stopped = await expectJson(await ada.fetch(`/api/chat/${messageId}/stop/`, post), 200);
    assert.deepEqual(stopped, { message_id: messageId, state: 'complete', finish_reason: 'stopped' });
    await seen.ended;
    fake.defaultBehaviour = answer('A fake answer.');
  });

  test('the same Idempotency-Key of two people is two keys', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'first' };
    const send = async (client: Client, message: string) => {
      const session_id = await createSession(client);
      const body = JSON.stringify({ session_id, message });
      return client.fetch('/api/chat/', { method: 'POST', headers, body });
    };
    for (const client of [ada, bob]) {
      const response = await send(client, 'Whose key is it?');
      assert.equal(response.status, 200);
      await response.text();
    }
    await expectError(await send(ada, 'Another?'), 422, 'idempotency_key_reused');
  });

  test('an API key has the chats of who made it', async () => {
    const key = withKey(app, (await createKey(bob, ['read', 'ask'])).secret);
    assert.deepEqual(await list(key), await list(bob));
    const { session } = await begin(key, 'Does the program ask for Bob?');
    assert.ok((await list(bob)).includes(session));
    await expectError(await ada.fetch(`/api/session/${session}/`), 404, 'not_found');
    await expectError(await key.fetch(`/api/session/${chats.ada.session}/`), 404, 'not_found');
  });

  describe('PostgreSQL', () => {
    const inspect = async (look: (db: Db, ids: { workspaceId: number; userId: number }) => Promise<void>) => {
      const { user, workspace } = await readAccount(bob);
      await app.inspect(db => look(db, { workspaceId: workspace?.id ?? 0, userId: user?.id ?? 0 }));
      await app.restart();
    };
    const sessionsOf = async (db: Db) =>
      (await sql<{ user_id: number | null }>`SELECT user_id FROM sessions`.execute(db)).rows;

    test('shows statements on somebody’s behalf no other chats, whatever their conditions say', () =>
      inspect(async (db, bobs) => {
        const own = forAsker(db, bobs);
        const rows = await sessionsOf(own);
        assert.ok(rows.length > 1);
        assert.deepEqual(new Set(rows.map(row => row.user_id)), new Set([bobs.userId]));
        const nobodys = forAsker(db, { ...bobs, userId: null });
        assert.deepEqual(await sessionsOf(nobodys), []);
        const all = await sessionsOf(forWorkspace(db, bobs.workspaceId));
        assert.ok(all.length > rows.length);
        assert.equal((await sessionsOf(db)).length, all.length);
        // Asked for another's, the list of Bob's handle has nothing.
        const page = { cursor: undefined, limit: 50, query: undefined };
        const { rows: others } = await sql<{ id: number }>`
          SELECT id FROM users WHERE id <> ${bobs.userId}`.execute(db);
        const adas = { ...bobs, userId: others[0]?.id ?? 0 };
        assert.deepEqual((await listSessions(own, adas, page)).sessions, []);
        assert.ok((await listSessions(db, adas, page)).sessions.length > 0);
        const refused = { code: '42501' };
        const mine = (userId: number | null) =>
          sql`INSERT INTO sessions (workspace_id, user_id) VALUES (${bobs.workspaceId}, ${userId})`.execute(
            own,
          );
        await assert.rejects(mine(adas.userId), refused);
        await assert.rejects(mine(null), refused);
        await assert.rejects(sql`UPDATE sessions SET user_id = ${adas.userId}`.execute(own), refused);
        const { numAffectedRows } = await sql`
          DELETE FROM sessions WHERE user_id IS DISTINCT FROM ${bobs.userId}`.execute(own);
        assert.equal(numAffectedRows, 0n);
      }));

    test('searches the list of sessions by its index', () =>
      inspect(async (db, { workspaceId, userId }) => {
        await sql`INSERT INTO sessions (workspace_id, user_id) SELECT ${workspaceId}, ${userId}
          FROM generate_series(1, 3000)`.execute(db);
        await sql`INSERT INTO sessions (workspace_id) SELECT ${workspaceId} FROM generate_series(1, 3000)`.execute(
          db,
        );
        await sql`ANALYZE sessions`.execute(db);
        for (const whose of [userId, null]) {
          const { rows } = await sql<{ 'QUERY PLAN': string }>`EXPLAIN
            SELECT id FROM sessions WHERE ${isOwn({ workspaceId, userId: whose })}
            ORDER BY pinned DESC, updated_at DESC, id DESC LIMIT 50`.execute(
            forAsker(db, { workspaceId, userId: whose }),
          );
          const plan = rows.map(row => row['QUERY PLAN']).join('\n');
          assert.match(plan, /sessions_of_user/);
          assert.doesNotMatch(plan, /Sort/);
        }
      }));
  });
});

onEachDatabase('chats of a server without accounts', createApp => {
  test('are its first administrator’s from the first account on, with the keys of before', async () => {
    const app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    const before = await createSession(app);
    const { secret } = await createKey(app, ['read', 'ask']);
    const key = withKey(app, secret);
    const byKey = await createSession(key);
    const ada = await createFirstAdmin(app);
    const bob = await invite(app, ada, 'bob@example.com', 'owner');
    for (const client of [ada, key])
      for (const session of [before, byKey])
        await expectJson(await client.fetch(`/api/session/${session}/`), 200);
    await expectError(await bob.fetch(`/api/session/${before}/`), 404, 'not_found');
    const later = await createSession(key);
    await expectJson(await ada.fetch(`/api/session/${later}/`), 200);
    // A second administrator takes over nothing.
    const { user } = await readAccount(bob);
    const left = await app.inspect(db => db.selectFrom('sessions').select('user_id').distinct().execute());
    assert.equal(left.length, 1);
    assert.notEqual(left[0]?.user_id, user?.id);
  });
});
