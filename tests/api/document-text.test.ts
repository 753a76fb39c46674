import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { documentOutline, documentText, uploadAnswer } from '../../contract/documents.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  postFile,
  postJson,
  putFile,
  readDocument,
  readHistory,
  removeDocument,
  upload,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { multipartFile, sendRaw } from '../raw-request.ts';

const guide = `# Lighthouse guide

Open all year.

## History

### The lamp

The lamp was lit in 1874 😀 and electrified in 1931.

## Prices

| Who | Price |
| --- | --- |
| Adults | 5 |
| Children | 2 |
`;

onEachDatabase('a document’s file and text', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
  });
  after(() => embeddings.close());

  const readText = async (id: number, query = '') =>
    documentText.parse(await expectJson(await app.fetch(`/api/document/${id}/text/${query}`), 200));
  const readOutline = async (id: number) =>
    documentOutline.parse(await expectJson(await app.fetch(`/api/document/${id}/outline/`), 200));

  const active: Record<string, string> = {
    'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text>Hi</text></svg>',
    'page.html': '<!doctype html><title>Page</title><script>alert(1)</script><p>A page.</p>',
    'plain.txt': 'Plain\r\n\ttext – ä 😀\u0000',
  };
  for (const [name, content] of Object.entries(active))
    test(`${name} comes back to the byte, as an attachment that runs nowhere`, async () => {
      const id = await upload(app, content, name);
      const response = await app.fetch(`/api/document/${id}/file/`);
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.from(content));
      const header = (key: string) => response.headers.get(key);
      assert.match(header('content-disposition') ?? '', new RegExp(`^attachment; filename="${name}"`));
      assert.equal(header('x-content-type-options'), 'nosniff');
      assert.equal(header('content-security-policy'), "sandbox; default-src 'none'");
      assert.equal(header('content-length'), String(Buffer.byteLength(content)));
      assert.equal(header('content-type')?.split(';')[0], (await readDocument(app, id)).media_type);
    });

  const names: [sent: string, ascii: string, whole: string][] = [
    ['Straße (1) – “Ü”.txt', 'Stra_e (1) _ ___.txt', 'Straße (1) – “Ü”.txt'],
    ["it's 100%.txt", "it's 100_.txt", "it's 100%.txt"],
    ['a%22; filename=%22b.html%22.txt', 'a_22; filename=_22b.html_22.txt', 'a%22; filename=%22b.html%22.txt'],
  ];
  for (const [index, [sent, ascii, whole]] of names.entries())
    test(`the name ${JSON.stringify(sent)} stays one name in the header (RFC 8187)`, async () => {
      const file = multipartFile('x.txt', `Content ${index} of an odd name.`);
      const encoded = `filename*=UTF-8''${encodeURIComponent(sent)}`;
      const body = Buffer.from(file.body.toString().replace('filename="x.txt"', encoded));
      const url = `${app.baseUrl}/api/document/`;
      const response = await sendRaw(url, { method: 'POST', headers: file.headers, body });
      const { document_id: id, filename } = uploadAnswer.parse(await expectJson(response, 201));
      assert.equal(filename, whole);
      const { headers } = await app.fetch(`/api/document/${id}/file/`);
      const [, quoted, extended] =
        /^attachment; filename="([^"]*)"; filename\*=UTF-8''([\w%.~!#$&+^`|-]*)$/.exec(
          headers.get('content-disposition') ?? '',
        ) ?? [];
      assert.deepEqual([quoted, decodeURIComponent(extended ?? '')], [ascii, whole]);
    });

  test('quotes and line ends in a name end neither it nor the header', async () => {
    const note = { title: 'a "quoted" name\r\nSet-Cookie: x=1', text: 'A quoted name.' };
    const response = await postJson(app, '/api/document/', note);
    const { document_id: id, filename } = uploadAnswer.parse(await expectJson(response, 201));
    assert.equal(filename, 'a "quoted" nameSet-Cookie: x=1.md');
    const { headers } = await app.fetch(`/api/document/${id}/file/`);
    const disposition = headers.get('content-disposition') ?? '';
    assert.match(disposition, /^attachment; filename="a _quoted_ nameSet-Cookie: x=1.md"; filename\*=[^"]*$/);
    assert.ok(disposition.endsWith(encodeURIComponent(filename)));
    assert.equal(headers.get('set-cookie'), null);
  });

  test('a download ends with an error, not in silence, when the document is deleted meanwhile', async () => {
    // A file that fails is kept, too; reading it takes no time.
    const content = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(16_000_000, 'x')]);
    const error = await expectError(
      await postFile(app, content, { name: 'big.zip' }),
      422,
      'document_broken',
    );
    const { hostname, port } = new URL(app.baseUrl);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /api/document/${error.document_id}/file/ HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`,
    );
    const [head] = (await once(socket, 'data')) as [Buffer];
    assert.match(head.toString('latin1'), /^HTTP\/1.1 200 /);
    socket.pause();
    app.log.expectErrors(/Premature close|instead of 16000004|ECONNRESET/);
    await expectJson(await removeDocument(app, Number(error.document_id)), 200);
    let received = head.length;
    socket.on('data', piece => (received += piece.length));
    socket.on('error', () => {}); // Being cut off is what is wanted.
    socket.resume();
    await once(socket, 'close');
    assert.ok(received < content.length, `${received} bytes came`);
  });

  test('any part of the text is text.slice(start, end), also when it cuts a character in two', async () => {
    const text = `${'a'.repeat(4_095)}😀${'b'.repeat(5_000)}😀 end`;
    const id = await upload(app, text, 'long.txt');
    const { version } = await readDocument(app, id);
    const whole = await readText(id);
    assert.deepEqual(whole, {
      document_id: id,
      version,
      start: 0,
      end: text.length,
      text_length: text.length,
      text,
    });
    const ranges = [
      [0, 0],
      [0, 1],
      [4_094, 4_098],
      [4_095, 4_097],
      [4_096, 9_000],
      [9_000, text.length],
    ];
    for (const [start = 0, end = 0] of ranges) {
      const part = await readText(id, `?start=${start}&end=${end}`);
      assert.equal(part.text, text.slice(start, end).toWellFormed(), `${start} to ${end}`);
      assert.deepEqual([part.start, part.end], [start, end]);
    }
    assert.equal((await readText(id, '?start=4095&end=4096')).text, '\uFFFD');
    const beyond = await readText(id, `?start=${text.length - 3}&end=${text.length + 100}`);
    assert.deepEqual([beyond.text, beyond.end], ['end', text.length]);
    const outside = await readText(id, '?start=4000000000000000');
    assert.deepEqual([outside.text, outside.start, outside.end], ['', text.length, text.length]);
  });

  test('ranges that are none get 400, unknown documents 404', async () => {
    const id = await upload(app, 'A short text.', 'short.txt');
    const wrong = [
      '?start=3&end=2',
      '?start=-1',
      '?start=x',
      '?start=1.5',
      '?from=1',
      '?end=1000001',
      '?start=1e99',
    ];
    for (const query of wrong)
      await expectError(await app.fetch(`/api/document/${id}/text/${query}`), 400, 'invalid_request');
    for (const part of ['file', 'text', 'outline', 'events'])
      await expectError(await app.fetch(`/api/document/999999/${part}/`), 404, 'not_found');
  });

  test('the outline names headings, tables and pages by their place in the text', async () => {
    const id = await upload(app, guide, 'guide.md');
    const { text } = await readText(id);
    const { headings, tables, page_starts, version } = await readOutline(id);
    assert.equal(version, (await readDocument(app, id)).version);
    assert.deepEqual(
      headings.map(({ level, title }) => [level, title]),
      [
        [1, 'Lighthouse guide'],
        [2, 'History'],
        [3, 'The lamp'],
        [2, 'Prices'],
      ],
    );
    for (const { start, end, title } of headings) assert.equal(text.slice(start, end), title);
    assert.match(tables.map(({ start, end }) => text.slice(start, end)).join('\n'), /Adults.*Children/s);
    assert.deepEqual(page_starts, []);
    const html = '<title>T</title><h1>Top</h1><p>One.</p><h2>Below &amp; beyond</h2><p>Two.</p>';
    const page = await readOutline(await upload(app, html, 'outline.html'));
    assert.deepEqual(
      page.headings.map(({ level, title }) => [level, title]),
      [
        [1, 'Top'],
        [2, 'Below & beyond'],
      ],
    );
  });

  test('sources say where they stand, and the history what has become of them', async () => {
    const filler = 'Stairs lead up to a narrow door. '.repeat(60);
    const lamp = 'The lamp of the tower was lit in 1874. '.repeat(60);
    const id = await upload(app, `# Tower\n\n${filler}\n\n## Lamp\n\n${lamp}\n`, 'tower.md');
    const { version, title } = await readDocument(app, id);
    const sessionId = await createSession(app);
    const scope = { document_ids: [id] };
    const [source] = eventOf(await ask(app, sessionId, 'When was the lamp lit?', scope), 'sources').sources;
    assert.ok(source);
    assert.deepEqual(
      [source.document_id, source.version, source.filename, source.title],
      [id, version, 'tower.md', title],
    );
    assert.deepEqual([source.heading, source.heading_path, source.page], ['Lamp', ['Tower', 'Lamp'], null]);
    assert.equal(source.quote, (await readText(id)).text.slice(source.start, source.end));
    const states = async () =>
      (await readHistory(app, sessionId)).flatMap(message => message.sources.map(({ state }) => state));
    assert.ok((await states()).every(state => state === 'current'));
    await expectJson(await putFile(app, id, `# Tower\n\nDemolished.`, { name: 'tower.md' }), 200);
    assert.ok((await states()).every(state => state === 'replaced'));
    await removeDocument(app, id);
    assert.ok((await states()).length > 0 && (await states()).every(state => state === 'gone'));
    const [kept] = (await readHistory(app, sessionId)).flatMap(message => message.sources);
    assert.equal(kept?.quote, source.quote);
  });
});
