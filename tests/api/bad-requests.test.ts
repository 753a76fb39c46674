import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSession, expectError, expectJson, postJson, postQuestion } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { sendRaw } from '../raw-request.ts';

onEachDatabase('bad requests', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  let sessionId: number;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl });
    sessionId = await createSession(app);
  });
  after(async () => {
    assert.equal(fake.requests.length, 0, 'no bad request reaches the model');
    await fake.close();
  });

  for (const message of ['', '   ', '\n\t', '\u0000\u0007', '\u200b\u200d'])
    test(`the message ${JSON.stringify(message)} gets 400`, async () => {
      const error = await expectError(await postQuestion(app, sessionId, message), 400, 'invalid_request');
      assert.match(error.message, /message/);
    });

  test('a message of 1 MB gets 413', async () => {
    await expectError(await postQuestion(app, sessionId, 'a'.repeat(1024 * 1024)), 413, 'request_too_large');
  });

  test('an unknown, a deleted and an impossible session get the same 404', async () => {
    const deleted = await createSession(app);
    await app.fetch(`/api/session/${deleted}/`, { method: 'DELETE' });
    const messages = new Set<string>();
    for (const id of [999_999_999, deleted, Number.MAX_SAFE_INTEGER])
      messages.add((await expectError(await postQuestion(app, id, 'Hello?'), 404, 'not_found')).message);
    assert.equal(messages.size, 1);
  });

  const wrong: [field: string, body: Record<string, unknown>][] = [
    ['session_id', { session_id: '1' }],
    ['session_id', { session_id: 1.5 }],
    ['session_id', { session_id: -1 }],
    ['session_id', { session_id: 1e300 }],
    ['session_id', { session_id: undefined }],
    ['message', { message: 7 }],
    ['message', { message: undefined }],
    ['message', { message: null }],
    ['temperament', { temperament: 1 }],
    ['document_ids', { document_ids: [] }],
    ['document_ids', { document_ids: '1' }],
    ['document_ids/0', { document_ids: ['x'] }],
    ['filter/tags/0', { filter: { tags: ['a\0b'] } }],
    ['document_ids', { document_ids: Array.from({ length: 1_001 }, (_, index) => index + 1) }],
  ];
  for (const [field, fields] of wrong)
    test(`${JSON.stringify(fields).slice(0, 50)} in a question gets 400 naming ${field}`, async () => {
      const response = await postJson(app, '/api/chat/', {
        session_id: sessionId,
        message: 'Hm?',
        ...fields,
      });
      const { message } = await expectError(response, 400, 'invalid_request');
      assert.ok(message.includes(field), message);
    });

  const valid = () => `"session_id":${sessionId},"message":"Hm?"`;
  const bodies: Record<string, () => string> = {
    nothing: () => '',
    'half an object': () => '{"session_id":1',
    'no object': () => '[]',
    null: () => 'null',
    __proto__: () => `{${valid()},"__proto__":{"admin":true}}`,
    'constructor.prototype': () => `{${valid()},"constructor":{"prototype":{"admin":true}}}`,
    'an escaped __proto__': () => `{${valid()},"\\u005f_proto__":{}}`,
    'depth 200,000': () =>
      `{${valid()},"filter":{"metadata":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}}`,
    'depth 200,000 unclosed': () => '['.repeat(200_000),
  };
  for (const [what, body] of Object.entries(bodies))
    test(`a body with ${what} gets 400`, async () => {
      await expectError(await postJson(app, '/api/chat/', body()), 400, 'invalid_request');
    });

  for (const type of [
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=b',
  ])
    test(`a question sent as ${type} gets 415`, async () => {
      const init = { method: 'POST', headers: { 'content-type': type }, body: `{${valid()}}` };
      await expectError(await app.fetch('/api/chat/', init), 415, 'unsupported_media_type');
    });

  const methods: [method: string, path: string, allow: string[]][] = [
    ['GET', '/api/chat/', ['POST']],
    ['GET', '/api/session/create/', ['POST']],
    ['PUT', '/api/document/', ['GET', 'HEAD', 'POST']],
    ['POST', '/api/health/', ['GET', 'HEAD']],
    ['POST', '/api/session/1/messages', ['GET', 'HEAD']],
    ['POST', '/api/document/1', ['DELETE', 'GET', 'HEAD', 'PATCH', 'PUT']],
    ['DELETE', '/livez', ['GET', 'HEAD']],
  ];
  for (const [method, path, allow] of methods)
    test(`${method} ${path} gets 405 and Allow: ${allow}`, async () => {
      const response = await app.fetch(path, { method });
      assert.deepEqual(response.headers.get('allow')?.split(', ').sort(), allow);
      await expectError(response, 405, 'method_not_allowed');
    });

  const ids = [
    'x',
    '0',
    '-1',
    '1.5',
    '1e3',
    '9'.repeat(15),
    '9'.repeat(30),
    '9'.repeat(300),
    '%00',
    '%2e%2e',
    '1%2f2',
    '%ff',
    "1'--",
    'NaN',
  ];
  for (const id of ids)
    test(`the id ${id.slice(0, 40)} in a path gets 404`, async () => {
      for (const path of [`/api/session/${id}/messages/`, `/api/session/${id}`, `/api/document/${id}/`])
        for (const method of path.includes('messages') ? ['GET'] : ['GET', 'DELETE']) {
          const response = await sendRaw(`${app.baseUrl}${path}`, { method });
          const { error } = (await expectJson(response, 404)) as {
            error: { code: string };
          };
          assert.match(error.code, /^(not_found|invalid_request)$/);
        }
    });

  test('an unknown path gets 404 with the same body as any error', async () => {
    await expectError(await app.fetch('/api/nothing/'), 404, 'not_found');
  });

  test('a foreign Host gets 421, and loopback names are served', async () => {
    const { port } = new URL(app.baseUrl);
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      `169.254.169.254:${port}`,
      'localhost@evil.example',
    ])
      await expectError(
        await sendRaw(`${app.baseUrl}/api/health/`, { headers: { host } }),
        421,
        'host_not_allowed',
      );
    for (const host of ['localhost', `LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      assert.equal((await sendRaw(`${app.baseUrl}/api/health/`, { headers: { host } })).status, 200, host);
  });

  test('a foreign Origin gets 403 where something changes, and may read', async () => {
    const url = `${app.baseUrl}/api/session/create/`;
    for (const origin of [
      'https://evil.example',
      'null',
      `${app.baseUrl}.evil.example`,
      'http://127.0.0.1:1',
    ])
      await expectError(
        await sendRaw(url, { method: 'POST', headers: { origin } }),
        403,
        'origin_not_allowed',
      );
    const own = await sendRaw(url, { method: 'POST', headers: { origin: app.baseUrl } });
    assert.equal(own.status, 201);
    const foreign = { headers: { origin: 'https://evil.example' } };
    assert.equal((await sendRaw(`${app.baseUrl}/api/health/`, foreign)).status, 200);
  });

  test('20 KB of headers get 431', async () => {
    const response = await sendRaw(`${app.baseUrl}/api/health/`, {
      headers: { 'x-long': 'x'.repeat(20_000) },
    });
    const { error } = (await expectJson(response, 431)) as { error: { code: string; requestId: string } };
    assert.ok(error.code && error.requestId);
  });
});
