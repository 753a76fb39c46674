import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { uploadAnswer } from '../../contract/documents.ts';
import { searchAnswer } from '../../contract/search.ts';
import { expectJson, postFile, postJson, readDocument } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

/** More passages than a question waits for. */
const large = Array.from(
  { length: 700 },
  (_, index) => `# Topic ${index}\n\nWhat there is about ${index}.`,
).join('\n\n');

onEachDatabase('vectors in the memory', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  let withoutMemory: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: { ...embeddings.env, QUERY_CACHE_SECONDS: '0' } });
    withoutMemory = await createApp({
      env: { ...embeddings.env, QUERY_CACHE_SECONDS: '0', VECTOR_MEMORY_MB: '0' },
    });
  });
  after(() => embeddings.close());

  const search = async (of: TestApp, query: string, more = {}) => {
    const response = await postJson(of, '/api/search/', { query, mode: 'vector', top_k: 20, ...more });
    return searchAnswer.parse(await expectJson(response, 200)).results;
  };
  const upload = async (of: TestApp, text: string, name: string) => {
    const response = await postFile(of, text, { name });
    return uploadAnswer.parse(await expectJson(response, 201)).document_id;
  };
  const textsOf = (results: { text: string }[]) => results.map(({ text }) => text);

  /** Both searches; true when the second came from the memory: its cosines are rounded. */
  const compare = async (query: string, more = {}): Promise<boolean> => {
    const [exact, found] = await Promise.all([search(withoutMemory, query, more), search(app, query, more)]);
    assert.equal(found.length, exact.length);
    const differences = found.map(({ score }, index) => Math.abs(score - (exact[index]?.score ?? 9)));
    assert.ok(differences.every(difference => difference < 0.005));
    return differences.some(difference => difference > 0);
  };

  test('find what the database finds, from when they are all there', async () => {
    for (const one of [app, withoutMemory]) await upload(one, large, 'large.md');
    await waitUntil('the vectors are in the memory', () => compare('about 311'));
  });

  test('a document is found as soon as it is ready, and no more when it is deleted', async () => {
    const ids = await Promise.all(
      [app, withoutMemory].map(of => upload(of, 'Whales sing at night.', 'w.txt')),
    );
    assert.ok(await compare('whales at night'), 'few vectors are read while the question waits');
    assert.match(textsOf(await search(app, 'whales at night'))[0] ?? '', /Whales/);
    for (const [index, of] of [app, withoutMemory].entries())
      await expectJson(await of.fetch(`/api/document/${ids[index]}/`, { method: 'DELETE' }), 200);
    assert.ok(await compare('whales at night'));
    assert.doesNotMatch(textsOf(await search(app, 'whales at night')).join(), /Whales/);
  });

  test('a scope has a full list of its own', async () => {
    const text = Array.from({ length: 30 }, (_, index) => `# Part ${index}\n\nBees and ${index}.`).join(
      '\n\n',
    );
    const ids = await Promise.all([app, withoutMemory].map(of => upload(of, text, 'bees.md')));
    const document_ids = [ids[0]];
    assert.deepEqual(ids[0], ids[1], 'both databases have seen the same');
    assert.ok(await compare('about 5', { document_ids }));
    const found = await search(app, 'about 5', { document_ids });
    const { total_passages } = await readDocument(app, ids[0] ?? 0);
    assert.ok(total_passages > 5 && found.length === Math.min(20, total_passages));
    assert.ok(found.every(({ document_id }) => document_id === ids[0]));
  });
});
