import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { uploadAnswer } from '../../contract/documents.ts';
import {
  expectError,
  expectJson,
  listDocuments,
  postFile,
  readDocument,
  removeDocument,
} from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

type Field = [name: string, value: string | Blob];

onEachDatabase('fields beside an upload', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
  });
  after(() => embeddings.close());

  const send = (before: Field[], content: string, after: Field[] = []) => {
    const form = new FormData();
    for (const [name, value] of before) form.append(name, value);
    form.append('file', new Blob([content]), 'fields.txt');
    for (const [name, value] of after) form.append(name, value);
    return app.fetch('/api/document/', { method: 'POST', body: form });
  };
  const read = async (response: Response) =>
    readDocument(app, uploadAnswer.parse(await expectJson(response, 201)).document_id);

  test('they may stand before and after the file; tags repeat or are separated by commas', async () => {
    const response = await send(
      [
        ['title', 'A title'],
        ['tags', 'one, two'],
        ['language', 'fr'],
      ],
      'Fields on both sides.',
      [
        ['tags', 'three'],
        ['tags', ' one ,'],
        ['source', 'https://example.com/a'],
        ['metadata', '{"a":{"b":[1]}}'],
      ],
    );
    const { title, tags, language, source, metadata } = await read(response);
    assert.deepEqual(
      { title, tags, language, source, metadata },
      {
        title: 'A title',
        tags: ['one', 'two', 'three'],
        language: 'fr',
        source: 'https://example.com/a',
        metadata: { a: { b: [1] } },
      },
    );
  });

  test('blank fields count as not given', async () => {
    const { title, tags, source, metadata } = await read(
      await send(
        [
          ['title', ' '],
          ['tags', ''],
          ['source', ''],
        ],
        'Nothing is said of it.',
      ),
    );
    assert.deepEqual([title, tags, source, metadata], [null, [], null, {}]);
  });

  test('metadata counts also when it is sent as application/json', async () => {
    const boundary = 'b';
    const part = (head: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
    const body = [
      part('name="metadata"\r\nContent-Type: application/json', '{"a":1}'),
      part('name="file"; filename="typed.txt"', 'Its metadata has a type.'),
      `--${boundary}--\r\n`,
    ].join('');
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
    const { metadata } = await read(await app.fetch('/api/document/', { method: 'POST', headers, body }));
    assert.deepEqual(metadata, { a: 1 });
  });

  test('metadata can’t reach a prototype', async () => {
    const { metadata } = await read(
      await send([['metadata', '{"__proto__":{"admin":true},"b":2}']], 'Proto.'),
    );
    assert.deepEqual(metadata, { b: 2 });
    assert.ok(!('admin' in {}));
  });

  const wrong: [field: RegExp, fields: Field[]][] = [
    [/^title: /, [['title', 'x'.repeat(501)]]],
    [/^title: /, [['title', 'NUL\0']]],
    [/^tags: /, Array.from({ length: 51 }, (_, index): Field => ['tags', String(index)])],
    [/^tags\/1: /, [['tags', `a,${'x'.repeat(101)}`]]],
    [/^source: /, [['source', 'x'.repeat(2_001)]]],
    [/^language: /, [['language', 'English, mostly']]],
    [/^metadata: must be a JSON object\.$/, [['metadata', 'no JSON']]],
    [/^metadata: /, [['metadata', '[1]']]],
    [/^metadata: /, [['metadata', `{"a":"${'x'.repeat(17_000)}"}`]]],
    [/^metadata\/a: /, [['metadata', '{"a":"\\u0000"}']]],
    [/^metadata\/a: /, [['metadata', '{"a":"\\ud800"}']]],
    [/field name/, [['__proto__', 'x']]],
    [/field name/, [['constructor', 'x']]],
  ];
  for (const [index, [field, fields]] of wrong.entries())
    test(`${JSON.stringify(fields).slice(0, 50)} gets 400 naming the field, and nothing is stored`, async () => {
      const known = (await listDocuments(app)).documents.length;
      for (const response of [
        await send(fields, `Refused before ${index}.`),
        await send([], `Refused after ${index}.`, fields),
      ]) {
        const { message } = await expectError(response, 400, 'invalid_request');
        assert.match(message, field);
      }
      assert.equal((await listDocuments(app)).documents.length, known);
    });

  test('a hundred fields get 413', async () => {
    const fields = Array.from({ length: 100 }, (_, index): Field => [`field${index}`, 'x']);
    await expectError(await send(fields, 'Too many fields.'), 413, 'request_too_large');
    await expectError(await send([], 'Too many fields after.', fields), 413, 'request_too_large');
  });

  test('fields of a duplicate leave the document as it is', async () => {
    const { id } = await read(await send([['title', 'First']], 'The same bytes.'));
    await expectJson(await send([['title', 'Second']], 'The same bytes.'), 200);
    assert.equal((await readDocument(app, id)).title, 'First');
  });

  test('none of the refused has left a row in any table', async () => {
    await expectJson(await postFile(app, 'And it still works.'), 201);
    for (const { id } of (await listDocuments(app)).documents) await removeDocument(app, id);
    assert.deepEqual(await app.inspect(countContent), {});
  });
});
