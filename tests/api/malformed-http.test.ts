import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { errorBody } from '../../contract/errors.ts';
import { answerClientError } from '../../server/http/answer-client-error.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';

/** Sends these bytes and returns all that comes back until the server hangs up. */
async function send(port: number, request: string): Promise<{ status: number; code: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  const answer = await text(socket);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]),
    code: errorBody.parse(JSON.parse(body)).error.code,
  };
}

onEachDatabase('malformed HTTP', createApp => {
  let app: TestApp;
  let port: number;
  before(async () => {
    app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    port = Number(new URL(app.baseUrl).port);
  });

  const smuggled: [what: string, headers: string[]][] = [
    ['Content-Length with Transfer-Encoding', ['Content-Length: 3', 'Transfer-Encoding: chunked']],
    ['two different Content-Lengths', ['Content-Length: 3', 'Content-Length: 4']],
    ['a Content-Length that is no number', ['Content-Length: 3x']],
    ['an unknown Transfer-Encoding', ['Transfer-Encoding: cow']],
  ];
  for (const [what, headers] of smuggled)
    test(`${what} gets 400, and nothing behind it is taken for a request`, async () => {
      const head = ['POST /api/session/create/ HTTP/1.1', `Host: 127.0.0.1:${port}`, ...headers];
      const request = `${head.join('\r\n')}\r\n\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      assert.deepEqual(await send(port, request), { status: 400, code: 'invalid_request' });
    });

  test('an encoded slash leads past no route', async () => {
    for (const path of ['/api%2fsession/', '/api/session%2f1/', '/api/document/1%2f..%2f2/'])
      assert.equal((await app.fetch(path)).status, 404, path);
  });

  test('answers are not to be sniffed, framed or told about to other sites', async () => {
    for (const path of ['/api/session/', '/livez', '/api/nothing/']) {
      const { headers } = await app.fetch(path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('x-frame-options') ?? '', /SAMEORIGIN|DENY/);
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.equal(headers.get('x-powered-by'), null);
      assert.equal(headers.get('server'), null);
    }
  });
});

for (const [what, request] of [
  ['headers', 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '],
  ['a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf'],
] as const)
  test(`${what} that do not arrive get 408`, async context => {
    // The server's own times are minutes: a large upload over a slow line.
    const limits = { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 50 };
    const server = createServer(limits, request => request.resume());
    server.on('clientError', answerClientError);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    context.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    assert.deepEqual(await send(port, request), { status: 408, code: 'request_timeout' });
  });
