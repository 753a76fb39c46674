import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { session, sessionDeletion, sessionList } from '../../contract/sessions.ts';
import { ask, createSession, expectError, expectJson, postJson, readHistory } from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';

const utcTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

onEachDatabase('sessions', createApp => {
  let app: TestApp;
  before(async () => {
    app = await createApp();
  });

  const post = (path: string, init: RequestInit = {}) => app.fetch(path, { method: 'POST', ...init });
  const json = { 'content-type': 'application/json' };
  const requests: Record<string, () => Promise<Response>> = {
    'with nothing': () => post('/api/session/create/'),
    'without the trailing slash': () => post('/api/session/create'),
    'with JSON as its type and no body': () => post('/api/session/create/', { headers: json }),
    'with an empty object': () => post('/api/session/create/', { headers: json, body: '{}' }),
  };
  for (const [how, request] of Object.entries(requests)) {
    test(`a session is created by a POST ${how}`, async () => {
      const created = await expectJson(await request(), 201);
      const { id, created_at, updated_at, messages, ...more } = session.parse(created);
      assert.ok(Number.isInteger(id));
      assert.match(created_at, utcTime);
      assert.match(updated_at, utcTime);
      assert.deepEqual(messages, []);
      assert.deepEqual(more, { title: null, title_origin: null, pinned: false, active_message_id: null });
    });
  }

  test('the history holds question and answer, with and without the trailing slash', async () => {
    const id = await createSession(app);
    assert.deepEqual(await readHistory(app, id), []);
    await ask(app, id, 'What is in the document?');
    for (const path of [
      `/api/session/${id}/messages/`,
      `/api/session/${id}/messages`,
      `/api/session/${id}/`,
    ]) {
      const { messages, ...rest } = session.parse(await expectJson(await app.fetch(path), 200));
      assert.equal(rest.id, id);
      assert.deepEqual(
        messages.map(({ role, state }) => [role, state]),
        [
          ['user', 'complete'],
          ['assistant', 'complete'],
        ],
      );
      assert.equal(messages[0]?.content, 'What is in the document?');
      for (const message of messages) assert.match(message.created_at, utcTime);
    }
  });

  test('a session is created without a body or an empty one, and unknown fields get 400 naming them', async () => {
    assert.equal((await postJson(app, '/api/session/create/', {})).status, 201);
    const { message } = await expectError(
      await postJson(app, '/api/session/create/', { title: 'x' }),
      400,
      'invalid_request',
    );
    assert.match(message, /title/);
  });

  test('a deleted session is gone with its messages, and its receipt says so', async () => {
    const id = await createSession(app);
    await ask(app, id, 'Will this stay?');
    const deleted = await expectJson(await app.fetch(`/api/session/${id}/`, { method: 'DELETE' }), 200);
    const { stream_events } = sessionDeletion.parse(deleted).deleted; // Those not yet removed by themselves.
    assert.deepEqual(deleted, {
      session_id: id,
      deleted: { messages: 2, stream_events, feedback: 0 },
      remaining: 0,
    });
    for (const [method, path] of [
      ['GET', `/api/session/${id}/`],
      ['GET', `/api/session/${id}/messages/`],
      ['DELETE', `/api/session/${id}/`],
    ] as const)
      await expectError(await app.fetch(path, { method }), 404, 'not_found');
  });

  test('no table holds anything once every session is deleted', async () => {
    const { sessions } = sessionList.parse(await expectJson(await app.fetch('/api/session/?limit=200'), 200));
    for (const { id } of sessions) await app.fetch(`/api/session/${id}`, { method: 'DELETE' });
    assert.deepEqual(await app.inspect(countContent), {});
  });
});
