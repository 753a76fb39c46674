import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from '../../server/page/provide-page.ts';
import { expectError } from '../api-client.ts';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { waitUntil } from '../wait-until.ts';

/** What a browser loads before anything can be done, compressed with gzip. */
const MOST_SCRIPT_BYTES = 200 * 1024;

describe('the web page', () => {
  let app: TestApp;
  let html: string;
  before(async () => {
    app = await createTestApp(undefined, { withPage: true, env: { SKIP_MODEL_LOADING: 'true' } });
  });
  after(() => app.close());

  test('until it is built the server answers, and says that it comes', async () => {
    const response = await app.fetch('/');
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    assert.ok(response.status === 200 || /being prepared/.test(await response.text()));
    assert.equal((await app.fetch('/livez')).status, 200);
    await waitUntil('the page is built', async () => (await app.fetch('/')).status === 200);
    html = await (await app.fetch('/')).text();
  });

  test('every view has its address, and names its parts relative to it', async () => {
    for (const [address, up] of [
      ['/', './'],
      ['/documents', './'],
      ['/documents/', '../'],
      ['/chat/1', '../'],
      ['/chat/1?source=2-1-0', '../'],
    ] as const) {
      const response = await app.fetch(address);
      assert.equal(response.status, 200, address);
      const [, script = ''] = /<script type="module"[^>]* src="([^"]+)"/.exec(await response.text()) ?? [];
      assert.ok(script.startsWith(`${up}assets/`), `${address}: ${script}`);
      const path = new URL(script, `http://localhost${address}`).pathname;
      assert.equal((await app.fetch(path)).status, 200, path);
    }
    await expectError(await app.fetch('/elsewhere'), 404, 'not_found');
    const opened = { headers: { accept: 'text/html,*/*' } };
    const lost = await app.fetch('/chat/1/none', opened);
    assert.deepEqual([lost.status, lost.headers.get('content-type')], [404, 'text/html; charset=utf-8']);
    assert.match(await lost.text(), /src="\.\.\/\.\.\/assets\//);
    for (const path of ['/api/none/', '/assets/none.js'])
      await expectError(await app.fetch(path, opened), 404, 'not_found');
    await expectError(await app.fetch('/documents', { method: 'POST' }), 405, 'method_not_allowed');
  });

  test('nothing but the server’s own files and one script, by its hash, is allowed', async () => {
    const policy = (await app.fetch('/')).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self' 'sha256-[A-Za-z0-9+/]{43}='(;|$)/);
    assert.match(policy, /connect-src 'self'/);
    assert.doesNotMatch(policy, /https?:|\*|unsafe-eval/);
    assert.equal([...html.matchAll(/<script/g)].length, 2);
    assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//);
  });

  test('its files come compressed, may be kept for ever, and only those of the build are there', async () => {
    const [, script = ''] = / src="\.(\/assets\/[^"]+\.js)"/.exec(html) ?? [];
    const plain = await app.fetch(script, { headers: { 'accept-encoding': 'identity' } });
    const text = await plain.text();
    for (const [accepted, encoding] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
    ] as const) {
      const response = await app.fetch(script, { headers: { 'accept-encoding': accepted } });
      assert.equal(response.headers.get('content-encoding'), encoding);
      assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.match(response.headers.get('content-type') ?? '', /javascript/);
      assert.ok(Number(response.headers.get('content-length')) < text.length / 2);
      assert.equal(await response.text(), text);
    }
    for (const path of ['/assets/none.js', '/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/'])
      await expectError(await app.fetch(path), 404, 'not_found');
  });

  test('the script of the first load is small', async () => {
    const paths = [...html.matchAll(/(?:src|href)="\.(\/assets\/[^"]+\.js)"/g)].map(([, path = '']) => path);
    assert.ok(paths.length > 0);
    const sizes = await Promise.all(
      paths.map(async path => {
        const response = await app.fetch(path, { headers: { 'accept-encoding': 'gzip' } });
        return Number(response.headers.get('content-length'));
      }),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(total <= MOST_SCRIPT_BYTES, `${total} bytes in ${paths.length} files`);
  });
});

test('the page is prepared once the server listens: its build would make the start longer', async () => {
  const starts = () => app.log.text.split('listening on').length - 1;
  let startsWhenPrepared = 0;
  let isRunning = false;
  const page: Page = {
    async prepare() {
      startsWhenPrepared = isRunning ? starts() : 0;
    },
    state: async () => ({ state: 'building' }),
    close: async () => {},
  };
  const app = await createTestApp(undefined, { withPage: page, env: { SKIP_MODEL_LOADING: 'true' } });
  try {
    isRunning = true;
    await app.restart();
    assert.equal(starts(), 2);
    assert.equal(startsWhenPrepared, 2);
    const waiting = await app.fetch('/');
    assert.equal(waiting.status, 503);
    assert.match(await waiting.text(), /http-equiv="refresh"[\s\S]*being prepared/);
  } finally {
    await app.close();
  }
});
