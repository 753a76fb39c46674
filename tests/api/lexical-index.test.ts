import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { removeDocument, search, upload } from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { makeArticle } from '../make-article.ts';
import { onEachDatabase } from '../on-each-database.ts';

const questions = [
  'battery warranty',
  'form AB-1234',
  'Who must report a password?',
  'chapter 4.2',
  'article 17',
];

const nameOf = (number: number) => `article-${number}.txt`;

const AT_ONCE = 6;

async function uploadAll(app: TestApp, numbers: number[]): Promise<Map<number, number>> {
  const ids = new Map<number, number>();
  for (let first = 0; first < numbers.length; first += AT_ONCE)
    await Promise.all(
      numbers
        .slice(first, first + AT_ONCE)
        .map(async number => ids.set(number, await upload(app, makeArticle(number), nameOf(number)))),
    );
  return ids;
}

/** All that words find, without the ids. */
async function findAll(app: TestApp) {
  const answers = [];
  for (const query of questions) {
    const { results } = await search(app, query, { mode: 'lexical', top_k: 100 });
    answers.push(
      results
        .map(({ filename, start, scores }) => ({ filename, start, ...rounded(scores) }))
        .toSorted((a, b) => a.filename.localeCompare(b.filename) || a.start - b.start),
    );
  }
  return answers;
}

/** Sums of floats depend on their order. */
const rounded = (scores: Record<string, number | null>) =>
  Object.fromEntries(Object.entries(scores).map(([name, score]) => [name, (score ?? 0).toFixed(4)]));

const countStates = (app: TestApp) =>
  app.inspect(async db => {
    const { rows } = await sql<{ state: string; count: number }>`
      SELECT state, count(*)::int AS count FROM lexical_documents GROUP BY state`.execute(db);
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  });

onEachDatabase('the lexical index', createApp => {
  let embeddings: FakeEmbeddingServer;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
  });
  after(() => embeddings.close());

  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

  test('after deletions all is as if the deleted had never been there', { timeout: 300_000 }, async () => {
    const odd = range(0, 80).filter(number => number % 2 === 1);
    const untouched = await createApp({ env: embeddings.env });
    await uploadAll(untouched, odd);
    const expected = await findAll(untouched);
    assert.ok(expected.every(found => found.length > 0));

    const app = await createApp({ env: embeddings.env });
    const ids = await uploadAll(app, range(0, 20));
    // What is remembered of the index from here on is too old once more is merged.
    await findAll(app);
    for (const [number, id] of await uploadAll(app, range(20, 80))) ids.set(number, id);
    // Some are merged into blocks by now, some are not, and some may be within a merge: all ways are taken.
    const all = await findAll(app);
    assert.notDeepEqual(all, expected);
    for (const [number, id] of ids) if (number % 2 === 0) await removeDocument(app, id);
    assert.deepEqual(await findAll(app), expected);

    const states = await countStates(app);
    assert.ok((states.merged ?? 0) >= 16, JSON.stringify(states));
    await app.restart();
    assert.deepEqual(await findAll(app), expected, 'also for a process that starts anew');
    for (const [number, id] of ids) if (number % 2 === 1) await removeDocument(app, id);
    assert.deepEqual(await app.inspect(countContent), {});
  });

  test('a replaced document is found by its new words only', async () => {
    const app = await createApp({ env: embeddings.env });
    const id = await upload(app, 'The zebra lives in the savanna.', 'animals.txt');
    await upload(app, 'Printers need paper.', 'printers.txt');
    const files = async (query: string) =>
      (await search(app, query, { mode: 'lexical' })).results.map(({ filename }) => filename);
    assert.deepEqual(await files('zebra'), ['animals.txt']);
    const form = new FormData();
    form.append('file', new Blob(['The walrus lives in the Arctic.']), 'animals.txt');
    const response = await app.fetch(`/api/document/${id}/`, { method: 'PUT', body: form });
    assert.equal(response.status, 200, await response.text());
    assert.deepEqual(await files('zebra'), []);
    assert.deepEqual(await files('walruses'), ['animals.txt']);
  });
});
