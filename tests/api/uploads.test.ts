import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { documentList, uploadAnswer } from '../../contract/documents.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  postFile,
  postJson,
  readDocument,
} from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { multipartFile, openRequest, sendRaw } from '../raw-request.ts';
import { waitUntil } from '../wait-until.ts';

const MOST_BYTES = 5 * 1024 * 1024;
/** Passages are long in such a text, so that ingesting what is accepted takes little. */
const textOfBytes = (count: number) => Buffer.alloc(count, 'All work and no play makes a dull document.\n');

onEachDatabase('uploads', createApp => {
  let app: TestApp;
  before(async () => {
    app = await createApp();
  });

  const listAll = async () =>
    documentList.parse(await expectJson(await app.fetch('/api/document/?limit=200'), 200)).documents;
  const remove = (id: number) => app.fetch(`/api/document/${id}/`, { method: 'DELETE' });

  test('5 MiB are accepted, and one byte more gets 413 with the limit', async () => {
    const whole = await postFile(app, textOfBytes(MOST_BYTES), { headers: { prefer: 'respond-async' } });
    const { document_id } = uploadAnswer.parse(await expectJson(whole, 202));
    assert.equal((await readDocument(app, document_id)).byte_size, MOST_BYTES);
    await remove(document_id);
    const error = await expectError(
      await postFile(app, textOfBytes(MOST_BYTES + 1)),
      413,
      'document_too_large',
    );
    assert.equal(error.most_bytes, MOST_BYTES);
    assert.deepEqual(await listAll(), []);
  });

  const refused: Record<
    string,
    { content: string | Buffer<ArrayBuffer>; name?: string; status: number; code: string }
  > = {
    'an empty file': { content: '', status: 422, code: 'document_empty' },
    'a file of blanks': { content: ' \n\t\r\n\u00a0', status: 422, code: 'document_empty' },
    'a byte order mark alone': { content: '\uFEFF', status: 422, code: 'document_empty' },
    'a text of control characters': {
      content: `text ${'\u0001\u0002'.repeat(50)}`,
      status: 422,
      code: 'document_not_text',
    },
    'a text of NULs': { content: `text ${'\0'.repeat(500)}`, status: 422, code: 'document_not_text' },
    'a PDF renamed to .txt': { content: '%PDF-1.7\n%rest', status: 415, code: 'unsupported_media_type' },
    'a ZIP renamed to .txt': {
      content: Buffer.from('PK\x03\x04rest'),
      status: 415,
      code: 'unsupported_media_type',
    },
    'another ending': { content: 'text', name: 'notes.pdf', status: 415, code: 'unsupported_media_type' },
    'a double ending': {
      content: 'text',
      name: 'notes.txt.exe',
      status: 415,
      code: 'unsupported_media_type',
    },
    'no ending': { content: 'text', name: 'txt', status: 415, code: 'unsupported_media_type' },
  };
  for (const [what, { content, name, status, code }] of Object.entries(refused))
    test(`${what} gets ${status} ${code}, and no row`, async () => {
      await expectError(await postFile(app, content, name === undefined ? {} : { name }), status, code);
      assert.deepEqual(await listAll(), []);
    });

  test('invalid UTF-8 gets 422 naming the byte', async () => {
    const cases: [content: Buffer<ArrayBuffer>, byte: number][] = [
      [Buffer.from([0x61, 0xff, 0x62]), 1],
      [Buffer.from([...Buffer.from('é\uFFFD–'), 0xc3]), 8],
      [Buffer.from('caf\xe9 au lait', 'latin1'), 3],
    ];
    for (const [content, byte] of cases) {
      const error = await expectError(await postFile(app, content), 422, 'document_not_utf8');
      assert.equal(error.byte, byte);
      assert.match(error.message, new RegExp(`byte ${byte} \\(0x[0-9a-f]{2}\\)`));
    }
    assert.deepEqual(await listAll(), []);
  });

  test('a request without a file gets 400, and one of another kind 415', async () => {
    const form = new FormData();
    form.append('document', new Blob(['text']), 'other-field.txt');
    const bodies: RequestInit[] = [
      { body: form },
      {},
      { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
      { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
    ];
    for (const init of bodies) {
      const response = await app.fetch('/api/document/', { method: 'POST', ...init });
      const { error } = (await expectJson(response, 400)) as { error: { code: string } };
      assert.match(error.code, /^(file_missing|invalid_request)$/);
    }
    const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'text' };
    await expectError(await app.fetch('/api/document/', text), 415, 'unsupported_media_type');
    const { message } = await expectError(
      await postJson(app, '/api/document/', { file: 'text' }),
      400,
      'invalid_request',
    );
    assert.match(message, /file/);
  });

  test('two files in one request get 400, and neither is stored', async () => {
    const form = new FormData();
    form.append('file', new Blob(['The first of two files.']), 'first.txt');
    form.append('file', new Blob(['The second of two files.']), 'second.txt');
    const response = await app.fetch('/api/document/', { method: 'POST', body: form });
    const { message } = await expectError(response, 400, 'invalid_request');
    assert.match(message, /two files/);
  });

  const names: [sent: string, stored: string][] = [
    ['../../../etc/passwd.txt', 'passwd.txt'],
    ['..\\\\..\\\\windows\\\\system.txt', 'system.txt'],
    ['%2e%2e%2fsecret.txt', '%2e%2e%2fsecret.txt'],
    ['nul\0byte.txt', 'nulbyte.txt'],
    ['\u202Etxt.exe\u2066.txt', 'txt.exe.txt'],
    ['<img src=x onerror=alert(1)>.txt', '<img src=x onerror=alert(1)>.txt'],
    ["'; DROP TABLE documents; --.txt", "'; DROP TABLE documents; --.txt"],
    [`${'n'.repeat(296)}.txt`, `${'n'.repeat(251)}.txt`],
  ];
  for (const [index, [sent, stored]] of names.entries())
    test(`the hostile file name ${JSON.stringify(sent.slice(0, 40))} is stored harmless`, async () => {
      const { headers, body } = multipartFile(sent, `Content ${index} of a hostile file.`);
      const response = await sendRaw(`${app.baseUrl}/api/document/`, { method: 'POST', headers, body });
      const { document_id, filename } = uploadAnswer.parse(await expectJson(response, 201));
      assert.equal(filename, stored);
      assert.equal((await readDocument(app, document_id)).filename, stored);
      await remove(document_id);
    });

  test('one NUL is taken out, line ends and a byte order mark are normalised, and quotes stay exact', async () => {
    const response = await postFile(app, '\uFEFFThe answer\0 is\r\nforty-two.\r');
    const { document_id } = uploadAnswer.parse(await expectJson(response, 201));
    const text = 'The answer is\nforty-two.\n';
    assert.equal((await readDocument(app, document_id)).text_length, text.length);
    const events = await ask(app, await createSession(app), 'What is the answer?');
    const [source] = eventOf(events, 'sources').sources;
    assert.ok(source);
    assert.equal(source.quote, text.slice(source.start, source.end));
    assert.equal(source.quote, text.trim());
    await remove(document_id);
  });

  test('a client that leaves at half of its upload leaves nothing behind', async () => {
    const { headers, body } = multipartFile('half.txt', textOfBytes(200_000));
    const length = { 'content-length': String(body.length) };
    const outgoing = openRequest(`${app.baseUrl}/api/document/`, {
      method: 'POST',
      headers: { ...headers, ...length },
    });
    outgoing.on('error', () => {}); // Hanging up is what the test does.
    const halfSent = new Promise(resolve => outgoing.write(body.subarray(0, body.length / 2), resolve));
    await waitUntil('the server reads it', () => app.log.text.includes(`"content-length":"${body.length}"`));
    await halfSent;
    const closed = new Promise(resolve => outgoing.once('close', resolve));
    outgoing.destroy();
    await closed;
    const { document_id } = uploadAnswer.parse(await expectJson(await postFile(app, 'The next one.'), 201));
    assert.deepEqual(
      (await listAll()).map(row => row.id),
      [document_id],
    );
    await remove(document_id);
  });

  test('none of all this has left a row in any table', async () => {
    const sessions = (await (await app.fetch('/api/session/')).json()) as { sessions: { id: number }[] };
    for (const { id } of sessions.sessions) await app.fetch(`/api/session/${id}/`, { method: 'DELETE' });
    assert.deepEqual(await app.inspect(countContent), {});
  });
});
