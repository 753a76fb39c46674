import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { documentText } from '../../contract/documents.ts';
import {
  expectError,
  expectJson,
  postJson,
  readDocument,
  search,
  upload,
  uploadLater,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

const sections = Array.from(
  { length: 12 },
  (_, index) => `## Chapter ${index}\n\n${`Line about topic ${index} – with 😀 in it. `.repeat(40)}`,
);
const book = `# Book\n\n${sections.join('\n\n')}\n`;

onEachDatabase('search', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
  });
  after(() => embeddings.close());

  test('an empty index gives nothing, and says that nothing was searched', async () => {
    const { results, searched_documents, elapsed_ms } = await search(app, 'anything');
    assert.deepEqual([results, searched_documents], [[], 0]);
    assert.ok(elapsed_ms >= 0);
  });

  test('every result is the document’s text from start to end, best first, with its place', async () => {
    const id = await upload(app, book, 'book.md');
    const { version, total_passages } = await readDocument(app, id);
    assert.ok(total_passages > 5);
    const { text } = documentText.parse(await expectJson(await app.fetch(`/api/document/${id}/text/`), 200));
    const { results, searched_documents } = await search(app, 'Line about topic 7', {
      top_k: 100,
      mode: 'vector',
    });
    assert.deepEqual([results.length, searched_documents], [total_passages, 1]);
    assert.equal(new Set(results.map(result => result.passage_id)).size, total_passages);
    for (const result of results) {
      assert.equal(result.text, text.slice(result.start, result.end));
      assert.deepEqual([result.document_id, result.version, result.filename], [id, version, 'book.md']);
      assert.equal(result.score, result.scores.vector);
      assert.ok(result.score <= 1.000001 && result.page === null);
    }
    const scores = results.map(result => result.score);
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    );
    assert.ok(results.some(({ heading_path }) => heading_path.join(' > ') === 'Book > Chapter 7'));
    assert.ok(results.every(({ title }) => title === results[0]?.title));
  });

  test('a result is evidence when it has a word of the question, or is as similar as MIN_SIMILARITY asks', async () => {
    for (const query of ['topic 7', 'zzzz qqqq']) {
      const { results } = await search(app, query, { top_k: 100 });
      assert.ok(results.length > 5);
      for (const { evidence, scores } of results)
        assert.equal(evidence, scores.words > 0 || (scores.vector ?? 0) >= 0.2);
    }
    const { results: far } = await search(app, 'zzzz qqqq', { top_k: 100 });
    assert.ok(far.some(({ evidence }) => !evidence));
  });

  test('top_k limits the results, 10 when it is not given', async () => {
    const three = await search(app, 'Line about topic 3', { top_k: 3 });
    const ten = await search(app, 'Line about topic 3');
    assert.equal(three.results.length, 3);
    assert.equal(ten.results.length, 10);
    assert.deepEqual(ten.results.slice(0, 3), three.results);
    // The same question with another limit is another search, also when the first is remembered.
    assert.equal((await search(app, 'Line about topic 3', { top_k: 5 })).results.length, 5);
  });

  test('document_ids limit the search; unknown ones are not there', async () => {
    const other = await upload(app, 'Line about topic 7, elsewhere.', 'other.txt');
    const { results, searched_documents } = await search(app, 'topic 7', { document_ids: [other, 999_999] });
    assert.deepEqual([results.map(result => result.document_id), searched_documents], [[other], 1]);
    const unknown = await search(app, 'topic 7', { document_ids: [999_999] });
    assert.deepEqual([unknown.results, unknown.searched_documents], [[], 0]);
  });

  test('a document that is not ready yet is not found and not counted', async () => {
    embeddings.hold(/unfinished/);
    const id = await uploadLater(app, 'An unfinished line about topic 7.', 'unfinished.txt');
    await waitUntil('it is being embedded', () => embeddings.held() > 0);
    const during = await search(app, 'topic 7', { document_ids: [id] });
    assert.deepEqual([during.results, during.searched_documents], [[], 0]);
    embeddings.release();
    await waitUntil('it is found', async () => {
      const { results } = await search(app, 'topic 7', { document_ids: [id] });
      return results.length === 1;
    });
  });

  const wrong: [body: unknown, field: RegExp][] = [
    [{}, /query/],
    [{ query: ' ' }, /query/],
    [{ query: 'x'.repeat(10_001) }, /query/],
    [{ query: 5 }, /query/],
    [{ query: 'x', top_k: 0 }, /top_k/],
    [{ query: 'x', top_k: 101 }, /top_k/],
    [{ query: 'x', top_k: 1.5 }, /top_k/],
    [{ query: 'x', mode: 'magic' }, /mode/],
    [{ query: 'x', document_ids: [] }, /document_ids/],
    [{ query: 'x', document_ids: ['1'] }, /document_ids/],
    [{ query: 'x', document_ids: Array.from({ length: 1_001 }, () => 1) }, /document_ids/],
    [{ query: 'x', limit: 3 }, /limit/],
    [{ query: 'x', filter: { tags: ['\0'] } }, /filter\/tags\/0/],
    [{ query: 'x', filter: { metadata: { a: '\uD800' } } }, /filter\/metadata\/a/],
    ['{"query":"x","__proto__":{}}', /JSON/],
    ['[]', /./],
  ];
  for (const [body, field] of wrong)
    test(`${JSON.stringify(body).slice(0, 60)} gets 400 naming the field`, async () => {
      const { message } = await expectError(
        await postJson(app, '/api/search/', body),
        400,
        'invalid_request',
      );
      assert.match(message, field);
    });

  test('NULs and halves of characters in a question are no obstacle', async () => {
    assert.equal((await search(app, 'topic\0 7 \uD800', { top_k: 1 })).results.length, 1);
  });

  test('another method gets 405, another kind of body 415', async () => {
    const response = await app.fetch('/api/search/');
    assert.equal(response.headers.get('allow'), 'POST');
    await expectError(response, 405, 'method_not_allowed');
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'topic' };
    await expectError(await app.fetch('/api/search/', init), 415, 'unsupported_media_type');
  });
});
