import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { document, uploadAnswer } from '../../contract/documents.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  listDocuments,
  postFile,
  postJson,
  postQuestion,
  putFile,
  readDocument,
  search,
  upload,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

onEachDatabase('metadata of documents', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  /** Documents by a short name. */
  const ids: Record<string, number> = {};
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
    for (const [name, fields] of Object.entries(library)) {
      ids[name] = await upload(app, `The harbour report called ${name}.`, `${name}.txt`);
      await expectJson(await patch(ids[name], fields), 200);
    }
  });
  after(() => embeddings.close());

  const library: Record<string, object> = {
    alpha: {
      tags: ['a', 'shared'],
      source: 'https://x.org/100%_a',
      language: 'pt-BR',
      metadata: { year: 2020 },
    },
    beta: { tags: ['b', 'shared'], source: 'https://x.org/100xya', language: 'pt', metadata: { year: 2021 } },
    gamma: {
      tags: ['a', 'b', "o'c, d"],
      source: 'C:\\docs\\g.txt',
      metadata: { deep: { list: [1, 'two'] } },
    },
  };
  const patch = (id: number, body: unknown) =>
    app.fetch(`/api/document/${id}/`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const namesOf = (found: number[]) =>
    Object.keys(ids)
      .filter(name => found.includes(ids[name] ?? 0))
      .join(' ');
  const listed = async (query: Record<string, string | string[]>) => {
    const parameters = Object.entries(query).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    );
    const { documents } = await listDocuments(app, new URLSearchParams(parameters).toString());
    return namesOf(documents.map(row => row.id));
  };
  const searched = async (more: object) =>
    namesOf(
      (await search(app, 'harbour report', { top_k: 100, ...more })).results.map(hit => hit.document_id),
    );

  test('fields are set, kept when left out, and taken away by null', async () => {
    const id = await upload(app, 'A text with many fields.', 'fields.txt');
    const change = {
      title: '  A title ',
      tags: ['one', 'two', 'one'],
      source: 'https://example.com/page',
      language: 'de-CH',
      metadata: { pages: 3, nested: { list: [1, null, 'x'] }, constructor: 'no', 'ä"\\': "'" },
    };
    const row = document.parse(await expectJson(await patch(id, change), 200));
    assert.deepEqual(
      {
        title: row.title,
        tags: row.tags,
        source: row.source,
        language: row.language,
        metadata: row.metadata,
      },
      { ...change, title: 'A title', tags: ['one', 'two'] },
    );
    await expectJson(await patch(id, { title: 'Another' }), 200);
    const { title, tags, source } = await readDocument(app, id);
    assert.deepEqual([title, tags, source], ['Another', ['one', 'two'], change.source]);
    await expectJson(
      await patch(id, { title: null, tags: [], source: null, language: null, metadata: {} }),
      200,
    );
    const bare = await readDocument(app, id);
    assert.deepEqual([bare.title, bare.tags, bare.source, bare.metadata], [null, [], null, {}]);
    assert.notEqual(bare.language, 'de-CH', 'it is what was detected again');
  });

  const waitUntilReplaced = (id: number) =>
    waitUntil(`document ${id} is replaced`, async () => (await readDocument(app, id)).replacement === null);

  const wrong: [field: RegExp, body: unknown][] = [
    [/^title: must not be empty\.$/, { title: ' ' }],
    [/^title: must have at most 500 characters\.$/, { title: 'x'.repeat(501) }],
    [/^title: /, { title: 'NUL \0' }],
    [/^title: /, { title: 'half \uD83D' }],
    [/^tags\/1: /, { tags: ['a', ''] }],
    [/^tags: must be a list\.$/, { tags: 'a' }],
    [/^tags: /, { tags: Array.from({ length: 51 }, (_, index) => String(index)) }],
    [/^tags\/0: /, { tags: ['\0'] }],
    [/^source: /, { source: 'x'.repeat(2_001) }],
    [/^language: /, { language: "en'; --" }],
    [/^metadata: must be a JSON object\.$/, { metadata: [1] }],
    [/^metadata: .*16384/, { metadata: { a: 'x'.repeat(16_384) } }],
    [/^metadata\/a\/0: /, { metadata: { a: ['\0'] } }],
    [/^metadata\/a: /, { metadata: { a: { '\uDC00': 1 } } }],
    [/^There is no field "filename"\.$/, { filename: 'other.txt' }],
    [/not valid JSON/, '{"metadata": {"__proto__": {"a": 1}}}'],
    [/./, 'null'],
    [/^The body must be a JSON object\.$/, '[]'],
  ];
  for (const [field, body] of wrong)
    test(`${JSON.stringify(body).slice(0, 60)} gets 400 naming the field`, async () => {
      const id = ids.alpha ?? 0;
      const before = await readDocument(app, id);
      const { message } = await expectError(await patch(id, body), 400, 'invalid_request');
      assert.match(message, field);
      assert.deepEqual(await readDocument(app, id), before);
    });

  test('an unknown document gets 404, a body of another kind 415', async () => {
    await expectError(await patch(999_999, { title: 'x' }), 404, 'not_found');
    const init = { method: 'PATCH', headers: { 'content-type': 'text/plain' }, body: 'title=x' };
    await expectError(await app.fetch(`/api/document/${ids.alpha}/`, init), 415, 'unsupported_media_type');
  });

  test('the list filters by tags, source, language and metadata', async () => {
    const cases: [query: Record<string, string | string[]>, names: string][] = [
      [{ tag: 'a' }, 'alpha gamma'],
      [{ tag: ['a', 'shared'] }, 'alpha'],
      [{ tag: 'A' }, ''],
      [{ tag: "o'c, d" }, 'gamma'],
      [{ source: 'https://x.org/100%_a' }, 'alpha'],
      [{ source_prefix: 'https://x.org/' }, 'alpha beta'],
      [{ source_prefix: 'https://x.org/100%_' }, 'alpha'],
      [{ source_prefix: 'https://x.org/100_' }, ''],
      [{ source_prefix: '%' }, ''],
      [{ source_prefix: 'C:\\docs\\' }, 'gamma'],
      [{ language: 'pt', source_prefix: 'https' }, 'alpha beta'],
      [{ language: 'PT-br' }, 'alpha'],
      [{ language: ['pt-BR', 'fr'], tag: 'shared' }, 'alpha'],
      [{ metadata: '{"year":2020}' }, 'alpha'],
      [{ metadata: '{"year":"2020"}' }, ''],
      [{ metadata: '{"deep":{"list":["two"]}}' }, 'gamma'],
      [{ metadata: '{}', tag: 'a' }, 'alpha gamma'],
    ];
    for (const [query, names] of cases) assert.equal(await listed(query), names, JSON.stringify(query));
    for (const query of ['metadata=x', 'metadata=[1]', 'metadata=null', 'tag=', 'tags=a', 'tag=%00'])
      await expectError(await app.fetch(`/api/document/?${query}`), 400, 'invalid_request');
  });

  test('searches and answers keep to the filter, also together with document_ids', async () => {
    const cases: [request: object, names: string][] = [
      [{ filter: { tags: ['a'] } }, 'alpha gamma'],
      [{ filter: { tags: ['a', 'b'] } }, 'gamma'],
      [{ filter: { sources: ['C:\\docs\\g.txt', 'https://x.org/100xya'] } }, 'beta gamma'],
      [{ filter: { languages: ['pt'] } }, 'alpha beta'],
      [{ filter: { metadata: { deep: { list: [1] } } } }, 'gamma'],
      [{ filter: { tags: ['a'] }, document_ids: [ids.alpha, ids.beta] }, 'alpha'],
      [{ filter: { tags: ['none'] } }, ''],
      [{ filter: {}, document_ids: [ids.beta] }, 'beta'],
    ];
    const sessionId = await createSession(app);
    for (const [request, names] of cases) {
      assert.equal(await searched(request), names, JSON.stringify(request));
      const { sources } = eventOf(await ask(app, sessionId, 'Which harbour report?', request), 'sources');
      assert.equal(namesOf(sources.map(source => source.document_id)), names, JSON.stringify(request));
    }
    const wrong = { filter: { tag: 'a' } };
    await expectError(await postJson(app, '/api/search/', { query: 'x', ...wrong }), 400, 'invalid_request');
    await expectError(await postQuestion(app, sessionId, 'x', wrong), 400, 'invalid_request');
  });

  test('what was found before a change of tags is not found after it', async () => {
    const request = { filter: { tags: ['moving'] } };
    const { searched_documents } = await search(app, 'harbour report', request);
    assert.deepEqual([await searched(request), searched_documents], ['', 0]);
    await expectJson(await patch(ids.beta ?? 0, { tags: ['b', 'shared', 'moving'] }), 200);
    assert.equal(await searched(request), 'beta');
    assert.equal((await search(app, 'harbour report', request)).searched_documents, 1);
    await expectJson(await patch(ids.beta ?? 0, { tags: ['b', 'shared'] }), 200);
    assert.equal(await searched(request), '');
  });

  const foundBy = async (query: string, mode: string) =>
    (await search(app, query, { mode })).results.map(hit => hit.document_id);

  test('a given title is found by words and vector, also after reprocessing and replacing', async () => {
    const fields: [string, string][] = [['title', 'Quixotrove Handbook']];
    const answer = await postFile(app, 'The office opens at nine.', { name: 'given.txt', fields });
    const { document_id: id } = uploadAnswer.parse(await expectJson(answer, 201));
    const isFound = async () => {
      assert.deepEqual(await foundBy('quixotrove', 'lexical'), [id]);
      assert.equal((await foundBy('quixotrove', 'hybrid'))[0], id);
    };
    await isFound();
    assert.ok(embeddings.texts.includes('given. Quixotrove Handbook. The office opens at nine.'));
    await expectJson(await app.fetch(`/api/document/${id}/reprocess/`, { method: 'POST' }), 202);
    await waitUntilReplaced(id);
    await isFound();
    await putFile(app, id, 'The office opens at ten.', { name: 'given.txt' });
    await isFound();
  });

  test('a changed title is answered at once; the old one finds the document until the new one does', async () => {
    const id = await upload(app, 'Boats are hired at the pier.', 'pier.txt');
    embeddings.hold(/zephyrine/i);
    const row = document.parse(await expectJson(await patch(id, { title: 'Zephyrine Rules' }), 200));
    assert.deepEqual([row.title, row.state], ['Zephyrine Rules', 'ready']);
    assert.ok(row.replacement, 'it is indexed again');
    await waitUntil('the new title is being embedded', () => embeddings.held() > 0);
    assert.deepEqual(await foundBy('zephyrine', 'lexical'), []);
    assert.deepEqual(await foundBy('pier', 'lexical'), [id]);
    // While that is worked on, the title changes again: nothing of the one between is left.
    await expectJson(await patch(id, { title: 'Marigold Rules' }), 200);
    embeddings.release();
    await waitUntilReplaced(id);
    assert.deepEqual(
      [await foundBy('zephyrine', 'lexical'), await foundBy('marigold', 'lexical')],
      [[], [id]],
    );
    const same = document.parse(await expectJson(await patch(id, { title: 'Marigold Rules' }), 200));
    assert.equal(same.replacement, null, 'nothing has changed');
    await expectJson(await patch(id, { title: null }), 200);
    await waitUntilReplaced(id);
    assert.deepEqual(await foundBy('marigold', 'lexical'), []);
  });

  test('whatever the fields hold, they come back and are found as they are', async () => {
    const id = await upload(app, 'The harbour report of nobody.', 'any.txt');
    // All that SQL, LIKE, arrays and JSON give a meaning to, and what else there is.
    const special = fc.constantFrom(
      "'",
      '"',
      '\\',
      '%',
      '_',
      '{',
      '}',
      ',',
      '--',
      ';',
      '$1',
      '\n',
      '\u0001',
      'ä😀',
      'a',
    );
    const text = fc.array(special, { minLength: 1, maxLength: 8 }).map(parts => `x${parts.join('')}x`);
    const known = new Set(Object.values(ids));
    const property = fc.asyncProperty(text, text, text, async (tag, source, value) => {
      const metadata = { [value]: [tag, source] };
      await expectJson(await patch(id, { title: tag, tags: [tag], source, metadata }), 200);
      const row = await readDocument(app, id);
      assert.deepEqual([row.title, row.tags, row.source, row.metadata], [tag, [tag], source, metadata]);
      const query = {
        tag,
        source,
        source_prefix: source.slice(0, -1),
        name: tag,
        metadata: JSON.stringify(metadata),
      };
      const { documents } = await listDocuments(app, new URLSearchParams(query).toString());
      assert.deepEqual(
        documents.map(one => one.id),
        [id],
      );
      const filter = { tags: [tag], sources: [source], metadata };
      const { results } = await search(app, 'harbour report', { filter });
      assert.ok(results.length === 1 && results[0]?.document_id === id && !known.has(id));
    });
    await fc.assert(property, { numRuns: 12 });
  });

  test('a document’s detected language filters as a given one does', async () => {
    const text = 'Der Hafen ist im Winter geschlossen, weil das Wasser dort gefriert. '.repeat(5);
    const { document_id: id } = (await expectJson(await postFile(app, text), 201)) as { document_id: number };
    assert.equal((await readDocument(app, id)).language, 'de');
    const { documents } = await listDocuments(app, 'language=de');
    assert.deepEqual(
      documents.map(row => row.id),
      [id],
    );
  });
});
