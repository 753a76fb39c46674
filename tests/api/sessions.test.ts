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
      assert.deepEqual(Object.keys(session.parse(created)), ['id', 'created_at', 'updated_at', 'messages']);
      const { id, created_at, updated_at, messages } = session.parse(created);
      assert.ok(Number.isInteger(id));
      assert.match(created_at, utcTime);
      assert.match(updated_at, utcTime);
      assert.deepEqual(messages, []);
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

  test('the list comes newest first, page by page, without gap or repetition', async () => {
    const ids = [await createSession(app), await createSession(app), await createSession(app)];
    const listed: number[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '?limit=2' : `?limit=2&cursor=${cursor}`;
      const page = sessionList.parse(await expectJson(await app.fetch(`/api/session/${query}`), 200));
      assert.ok(page.sessions.length <= 2);
      listed.push(...page.sessions.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(
      listed,
      listed.toSorted((a, b) => b - a),
    );
    assert.equal(new Set(listed).size, listed.length);
    assert.deepEqual(listed.slice(0, 3), ids.toReversed());
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

  test('a page parameter that makes no sense gets 400 naming it', async () => {
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=-1', 'cursor=1%27', 'colour=red']) {
      const { message } = await expectError(
        await app.fetch(`/api/session/?${query}`),
        400,
        'invalid_request',
      );
      assert.match(message, new RegExp(query.split('=')[0] ?? ''));
    }
  });

  test('a deleted session is gone with its messages, and its receipt says so', async () => {
    const id = await createSession(app);
    await ask(app, id, 'Will this stay?');
    const deleted = await expectJson(await app.fetch(`/api/session/${id}/`, { method: 'DELETE' }), 200);
    assert.deepEqual(deleted, { session_id: id, deleted: { messages: 2 }, remaining: 0 });
    assert.ok(sessionDeletion.parse(deleted));
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
