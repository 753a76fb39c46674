import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  expectError,
  expectJson,
  listDocuments,
  postFile,
  putFile,
  removeDocument,
  upload,
} from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { multipartFile } from '../raw-request.ts';

const MB = 1_000_000;

onEachDatabase('limits of uploads', createApp => {
  let embeddings: FakeEmbeddingServer;
  /** With limits so small that reaching them takes no time. */
  let narrow: TestApp;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    const limits = { MAX_TEXT_BYTES: '1000', MAX_UPLOAD_BYTES: '2000', MAX_STORED_BYTES: '5000' };
    narrow = await createApp({ env: { ...embeddings.env, ...limits } });
    app = await createApp({ env: embeddings.env });
  });
  after(() => embeddings.close());

  const textOf = (bytes: number, start: string) => start + 'x'.repeat(bytes - start.length);
  const removeAll = async () => {
    for (const { id } of (await listDocuments(narrow)).documents) await removeDocument(narrow, id);
  };

  test('each kind has its limit, to the byte; what is too large gets 413 with the limit', async () => {
    await upload(narrow, textOf(1_000, 'The whole text. '), 'whole.txt');
    const page = (bytes: number) => `<p>Page.</p>${`<!--${'x'.repeat(bytes - 19)}-->`}`;
    assert.equal(page(2_000).length, 2_000);
    await upload(narrow, page(2_000), 'page.html');
    const cases: [content: string, name: string, most: number][] = [
      [textOf(1_001, 'One byte more. '), 'more.txt', 1_000],
      [textOf(1_001, '# One byte more. '), 'more.md', 1_000],
      [page(2_001), 'more.html', 2_000],
      [page(3_000), 'much-more.html', 2_000],
    ];
    for (const [content, name, most] of cases) {
      const error = await expectError(await postFile(narrow, content, { name }), 413, 'document_too_large');
      assert.equal(error.most_bytes, most);
      assert.match(error.message, new RegExp(String(most)));
    }
    // A file within its limit whose text is beyond its own.
    const long = await postFile(narrow, `<p>${'Long. '.repeat(200)}</p>`, { name: 'long.html' });
    await expectError(long, 422, 'text_too_large');
    await removeAll();
  });

  test('all files together have a limit: what goes beyond it gets 413 with the numbers', async () => {
    for (let index = 0; index < 5; index += 1)
      await upload(narrow, textOf(900, `Number ${index} of some files. `), `${index}.txt`);
    const over = textOf(501, 'One byte too many. ');
    const error = await expectError(await postFile(narrow, over), 413, 'quota_exceeded');
    assert.deepEqual([error.most_bytes, error.stored_bytes], [5_000, 4_500]);
    assert.match(error.message, /501 bytes.*5000.*4500.*MAX_STORED_BYTES/);
    const [last] = (await listDocuments(narrow)).documents;
    assert.ok(last);
    await expectError(await putFile(narrow, last.id, over), 413, 'quota_exceeded');
    // What is there already takes no room, and what is refused none either.
    await expectJson(await postFile(narrow, textOf(900, 'Number 4 of some files. ')), 200);
    await upload(narrow, textOf(500, 'Just what fits. '), 'fits.txt');
    await expectError(await postFile(narrow, 'One more.'), 413, 'quota_exceeded');
    await removeDocument(narrow, last.id);
    await upload(narrow, 'Now there is room.', 'room.txt');
    await removeAll();
    assert.deepEqual(await narrow.inspect(countContent), {});
  });

  const large = Buffer.alloc(6 * MB, 'All work and no play. ');
  const refused: [what: string, name: string, content: Buffer, status: number, code: string][] = [
    ['of an unknown kind', 'program.exe', large, 415, 'unsupported_media_type'],
    ['of another kind than its name says', 'a.pdf', large, 415, 'unsupported_media_type'],
    ['that is too large', 'a.txt', large, 413, 'document_too_large'],
    ['that is no text', 'a.html', Buffer.concat([large, Buffer.alloc(6 * MB, 1)]), 422, 'document_not_text'],
  ];
  for (const [what, name, content, status, code] of refused)
    test(`a large file ${what} is read to its end: the client gets its ${status}, and its connection goes on`, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const send = async (path: string, options: object, body?: Buffer) => {
        const outgoing = request(`${app.baseUrl}${path}`, { agent, ...options });
        outgoing.end(body);
        const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
        const headers = { 'content-type': 'application/json' };
        const answer = new Response(await text(incoming), { status: incoming.statusCode ?? 0, headers });
        return { answer, isReused: outgoing.reusedSocket };
      };
      const { headers, body } = multipartFile(name, content);
      const length = { 'content-length': String(body.length) };
      const { answer } = await send(
        '/api/document/',
        { method: 'POST', headers: { ...headers, ...length } },
        body,
      );
      const { error } = (await answer.json()) as { error: { code: string } };
      assert.deepEqual([answer.status, error.code], [status, code]);
      const next = await send('/livez', {});
      assert.deepEqual([next.answer.status, next.isReused], [200, true]);
      agent.destroy();
      assert.deepEqual((await listDocuments(app)).documents, []);
    });

  test('an upload goes to the database as it comes: 45 MB take a part of that in memory', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    const used = () => {
      collectGarbage();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const { headers, body } = multipartFile('large.zip', 'PK\x03\x04|');
    const [head = '', tail = ''] = body.toString('latin1').split('|');
    const before = used();
    let most = 0;
    async function* pieces() {
      yield Buffer.from(head, 'latin1');
      for (let sent = 0; sent < 45; sent += 1) {
        yield Buffer.alloc(MB, 'x');
        if (sent % 3 === 2) most = Math.max(most, used() - before);
      }
      yield Buffer.from(tail, 'latin1');
    }
    const outgoing = request(`${app.baseUrl}/api/document/`, { method: 'POST', headers, agent: false });
    const answered = once(outgoing, 'response');
    for await (const piece of pieces()) if (!outgoing.write(piece)) await once(outgoing, 'drain');
    outgoing.end();
    const [incoming] = (await answered) as [IncomingMessage];
    assert.match(await text(incoming), /document_broken/);
    for (const { id } of (await listDocuments(app)).documents) await removeDocument(app, id);
    // What is on its way at any time, in the client of this process too, comes to 10 to 20 MB.
    assert.ok(most < 30 * MB, `${Math.round(most / MB)} MB more than before`);
  });

  test('5 MB on a single line are accepted, and the server answers meanwhile', async () => {
    const headers = { prefer: 'respond-async' };
    const line = 'word '.repeat(1_000_000);
    const { document_id } = (await expectJson(await postFile(app, line, { headers }), 202)) as {
      document_id: number;
    };
    assert.equal((await app.fetch('/livez')).status, 200);
    await expectJson(await removeDocument(app, document_id), 200);
    assert.deepEqual(await app.inspect(countContent), {});
  });
});
