import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { search, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { type FakeRerankServer, startFakeRerankServer } from '../fakes/rerank-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

const question = 'When does the lamp of the lighthouse turn?';

onEachDatabase('search with a reranker', createApp => {
  let embeddings: FakeEmbeddingServer;
  let reranker: FakeRerankServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    reranker = await startFakeRerankServer();
    app = await createApp({
      env: {
        ...embeddings.env,
        RERANKER_BASE_URL: reranker.baseUrl,
        RERANKER_MODEL: 'fake',
        RERANKER_TIMEOUT_MS: '5000',
      },
    });
    await upload(app, 'The lighthouse lamp turns when it is dark.', 'a.txt');
    await upload(app, 'The lamp of the lighthouse is new.', 'b.txt');
    await upload(app, 'Bread is baked in the morning.', 'c.txt');
  });
  after(async () => {
    embeddings.close();
    await reranker.close();
  });

  const findNames = async (query: string, more = {}) =>
    (await search(app, query, more)).results.map(({ filename }) => filename);

  test('its order is the order of the results, and it reads passages with their context', async () => {
    const fused = await findNames(question, { mode: 'lexical' });
    reranker.script({
      kind: 'given',
      scores: [
        { index: 0, score: 0.1 },
        { index: 1, score: 0.3 },
        { index: 2, score: 0.2 },
      ],
    });
    const sent = reranker.requests.length;
    const [first, second, third] = await findNames(question);
    assert.deepEqual(reranker.requests.length, sent + 1);
    const { documents } = reranker.requests[sent]?.body ?? {};
    assert.ok(Array.isArray(documents) && documents.length === 3);
    const given = documents.map(text =>
      /lamp turns/.test(text) ? 'a.txt' : /is new/.test(text) ? 'b.txt' : 'c.txt',
    );
    assert.deepEqual([first, second, third], [given[1], given[2], given[0]]);
    assert.ok(
      documents.some(text => /^b\. /.test(text)),
      'the name of the file stands before the text',
    );
    assert.equal(fused.length, 2, 'a search by words alone is not reranked');
  });

  test('when it fails the fused order stays, and the next search asks it again', async () => {
    const query = 'Who bakes bread?';
    reranker.script({ kind: 'status', status: 500 });
    const before = reranker.requests.length;
    assert.equal((await findNames(query))[0], 'c.txt');
    await findNames(query);
    assert.equal(reranker.requests.length, before + 2, 'the answer without it was not remembered');
    await findNames(query);
    assert.equal(reranker.requests.length, before + 2, 'the answer with it was');
    assert.ok(app.log.text.includes('rerank-failed'));
  });
});
