import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { documentText, uploadAnswer } from '../../contract/documents.ts';
import {
  expectError,
  expectJson,
  listDocuments,
  postJson,
  readDocument,
  removeDocument,
  search,
} from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const page = '<!doctype html><title>Tide table</title><h1>Tides</h1><p>High water is at noon.</p>';

/** What the web looks like from here. */
async function startPages(): Promise<{ server: Server; host: string }> {
  const answers: Record<string, [status: number, headers: Record<string, string>, body: string | Buffer]> = {
    '/tides': [200, { 'content-type': 'text/html; charset=utf-8' }, page],
    '/notes.txt': [200, { 'content-type': 'text/plain' }, 'Plain notes on the tides.'],
    '/moved': [302, { location: '/notes-2.txt' }, ''],
    '/notes-2.txt': [200, { 'content-type': 'text/plain' }, 'Notes that have moved.'],
    '/inside': [302, { location: 'http://169.254.169.254/latest/meta-data/' }, ''],
    '/latin.html': [200, { 'content-type': 'text/html; charset=iso-8859-1' }, latin1('<p>Café, sólo')],
    '/latin.txt': [200, { 'content-type': 'text/plain; charset="ISO-8859-1"' }, latin1('Flut: 3½ m')],
    '/contradicting.html': [
      200,
      { 'content-type': 'text/html; charset=windows-1251' },
      Buffer.concat([latin1('<meta charset="iso-8859-1"><p>'), Buffer.from([0xd7, 0xe0, 0xe9])]),
    ],
    '/marked.txt': [200, { 'content-type': 'text/plain; charset=iso-8859-1' }, '\uFEFFMarkiert: ½ Ä'],
    '/program': [200, { 'content-type': 'application/octet-stream' }, 'MZ\u0000\u0001'],
    '/large.txt': [200, { 'content-type': 'text/plain' }, 'x'.repeat(6_000_000)],
    '/empty.txt': [200, { 'content-type': 'text/plain' }, ''],
  };
  const server = createServer((request, response) => {
    const [status, headers, body] = answers[request.url ?? ''] ?? [404, {}, 'not here'];
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { server, host: `127.0.0.1:${address.port}` };
}

onEachDatabase('notes and URLs', createApp => {
  let embeddings: FakeEmbeddingServer;
  let pages: Awaited<ReturnType<typeof startPages>>;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    pages = await startPages();
    app = await createApp({ env: { ...embeddings.env, ALLOWED_URL_HOSTS: pages.host } });
  });
  after(() => {
    embeddings.close();
    pages.server.closeAllConnections();
    pages.server.close();
  });

  const add = (body: unknown) => postJson(app, '/api/document/', body);
  const added = async (body: unknown) => {
    const answer = uploadAnswer.parse(await expectJson(await add(body), 201));
    return readDocument(app, answer.document_id);
  };
  const count = async () => (await listDocuments(app)).documents.length;

  test('a note becomes a Markdown document with its title and fields, and is found', async () => {
    const text = '# Menu\n\nOn Fridays there is fish – 🐟.';
    const row = await added({ title: 'Menu / week 5', text, tags: ['kitchen'], metadata: { week: 5 } });
    assert.deepEqual(
      [row.title, row.filename, row.media_type, row.tags, row.metadata],
      ['Menu / week 5', 'Menu - week 5.md', 'text/markdown', ['kitchen'], { week: 5 }],
    );
    const { results } = await search(app, 'fish on Fridays');
    assert.equal(results[0]?.document_id, row.id);
    assert.match(results[0].text, /fish – 🐟\./);
    const again = uploadAnswer.parse(await expectJson(await add({ title: 'Other title', text }), 200));
    assert.deepEqual([again.document_id, again.duplicate], [row.id, true]);
  });

  test('halves of characters in a note’s text are replaced, NULs taken out', async () => {
    const row = await added({ title: 'Broken', text: 'Half a \uD83D smiley and a \0 NUL.' });
    const answer = await app.fetch(`/api/document/${row.id}/text/`);
    const { text } = documentText.parse(await expectJson(answer, 200));
    assert.equal(text, 'Half a \uFFFD smiley and a  NUL.');
  });

  const wrong: [what: string, body: unknown, status: number, code: string, message: RegExp][] = [
    ['an empty text', { title: 'T', text: '' }, 422, 'document_empty', /./],
    ['a blank text', { title: 'T', text: ' \n\t' }, 422, 'document_empty', /./],
    ['a missing text', { title: 'T' }, 400, 'invalid_request', /text: /],
    ['a missing title', { text: 'T' }, 400, 'invalid_request', /^title: is missing\.$/],
    ['a title of NUL', { title: '\0', text: 'T' }, 400, 'invalid_request', /title: /],
    ['an unknown field', { title: 'T', text: 'T', folder: 'x' }, 400, 'invalid_request', /folder/],
    ['a text of another type', { title: 'T', text: 5 }, 400, 'invalid_request', /text: /],
    ['a prototype', '{"title":"T","text":"T","__proto__":{"a":1}}', 400, 'invalid_request', /JSON/],
    ['no JSON', '{"title":', 400, 'invalid_request', /JSON/],
    ['nothing', '', 400, 'invalid_request', /./],
    ['a list', [], 400, 'invalid_request', /./],
    ['null', null, 400, 'invalid_request', /./],
    ['a depth of 200,000', `{"title":${'['.repeat(200_000)}`, 400, 'invalid_request', /JSON/],
    ['more than 1 MB', { title: 'T', text: 'x'.repeat(1_048_576) }, 413, 'document_too_large', /1 MiB/],
    ['a URL with a source', { url: 'http://x.org/', source: 'y' }, 400, 'invalid_request', /source/],
    ['a URL and a text', { url: 'http://x.org/', text: 'y' }, 400, 'invalid_request', /text/],
    ['what is no URL', { url: 'tides' }, 400, 'invalid_request', /url/],
    ['an empty URL', { url: ' ' }, 400, 'invalid_request', /url: /],
    [
      'a URL with a NUL in its title',
      { url: 'http://x.org/', title: '\0' },
      400,
      'invalid_request',
      /title: /,
    ],
  ];
  for (const [what, body, status, code, message] of wrong)
    test(`${what} gets ${status} ${code}, and nothing is stored`, async () => {
      const known = await count();
      assert.match((await expectError(await add(body), status, code)).message, message);
      assert.equal(await count(), known);
    });

  test('a page is fetched, read and named after where it was found', async () => {
    const url = `http://${pages.host}/tides`;
    const row = await added({ url, tags: ['sea'] });
    assert.deepEqual(
      [row.source, row.title, row.media_type, row.tags, row.filename],
      [url, 'Tide table', 'text/html', ['sea'], 'tides.html'],
    );
    assert.match((await search(app, 'High water is at noon')).results[0]?.text ?? '', /noon/);
  });

  test('a file is fetched with the title given; its source is where the redirects have led', async () => {
    const file = await added({ url: `http://${pages.host}/notes.txt#part`, title: 'My notes' });
    assert.deepEqual([file.title, file.source], ['My notes', `http://${pages.host}/notes.txt`]);
    const moved = await added({ url: `http://${pages.host}/moved` });
    assert.deepEqual([moved.filename, moved.source], ['notes-2.txt', `http://${pages.host}/notes-2.txt`]);
  });

  test('the charset of the header is the text’s, after its byte order mark and before what it says itself', async () => {
    const texts: Record<string, string> = {
      '/latin.html': 'Café, sólo',
      '/latin.txt': 'Flut: 3½ m',
      '/contradicting.html': 'Чай',
      '/marked.txt': 'Markiert: ½ Ä',
    };
    for (const [path, expected] of Object.entries(texts)) {
      const { id } = await added({ url: `http://${pages.host}${path}` });
      const { text } = documentText.parse(
        await expectJson(await app.fetch(`/api/document/${id}/text/`), 200),
      );
      assert.equal(text.trim(), expected, path);
      // The charset is kept: the same bytes are read alike again, and sent as what they are.
      const type = (await app.fetch(`/api/document/${id}/file/`)).headers.get('content-type');
      assert.equal(type?.includes('charset='), path !== '/marked.txt', path);
    }
  });

  const refused: [path: string, status: number, code: string][] = [
    ['http://127.0.0.1:1/', 422, 'url_not_allowed'],
    ['http://localhost/', 422, 'url_not_allowed'],
    ['http://[::1]/', 422, 'url_not_allowed'],
    ['http://2130706433/', 422, 'url_not_allowed'],
    ['http://10.0.0.1/', 422, 'url_not_allowed'],
    ['http://169.254.169.254/latest/meta-data/', 422, 'url_not_allowed'],
    ['http://[::ffff:192.168.1.1]/', 422, 'url_not_allowed'],
    ['file:///etc/passwd', 422, 'url_not_allowed'],
    ['http://user:secret@example.com/', 422, 'url_not_allowed'],
    ['/inside', 422, 'url_not_allowed'],
    ['/nothing', 422, 'url_failed'],
    ['/program', 415, 'unsupported_media_type'],
    ['/large.txt', 413, 'document_too_large'],
    ['/empty.txt', 422, 'document_empty'],
  ];
  for (const [path, status, code] of refused)
    test(`${path} gets ${status} ${code}, and nothing is stored`, async () => {
      const known = await count();
      const url = path.startsWith('/') ? `http://${pages.host}${path}` : path;
      const { message } = await expectError(await add({ url }), status, code);
      assert.doesNotMatch(message, /secret/);
      assert.equal(await count(), known);
    });

  test('a server that is not there gets 422 url_unreachable', async () => {
    const { port } = new URL(`http://${pages.host}`);
    await new Promise(resolve => {
      pages.server.closeAllConnections();
      pages.server.close(resolve);
    });
    await expectError(await add({ url: `http://127.0.0.1:${port}/tides` }), 422, 'url_unreachable');
  });

  test('none of the refused has left a row in any table', async () => {
    for (const { id } of (await listDocuments(app)).documents) await removeDocument(app, id);
    assert.deepEqual(await app.inspect(countContent), {});
  });
});
