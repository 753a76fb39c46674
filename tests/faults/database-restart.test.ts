import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { uploadAnswer } from '../../contract/documents.ts';
import { expectError, expectJson, postFile, postJson, readDocument, waitUntilReady } from '../api-client.ts';
import { countRows } from '../count-rows.ts';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { waitUntil } from '../wait-until.ts';
import { type DocumentContents, readContents, rowsOfMany } from './document-contents.ts';
import { sendHandbook } from './kill-rig.ts';
import { type PrivatePostgres, startPrivatePostgres } from './private-postgres.ts';

const reason = 'TEST_DATABASE_URL names no native PostgreSQL: `.ci/native-postgres start` prints one';
const isPossible = Boolean(process.env.TEST_DATABASE_URL);
/** The URL of the test's database, the only one of its kind. */
async function findDatabase(serverUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datname LIKE 'lectern_test_%'",
  );
  await client.end();
  assert.equal(rows.length, 1);
  return new URL(rows[0]?.datname ?? '', serverUrl).href;
}

/** In the last batch of the handbook. */
const LATE_PASSAGE = /Tree 18\d/;

describe('a native database that is stopped and started in the middle of an ingestion', {
  skip: isPossible || process.env.CI === 'true' ? false : reason,
}, () => {
  let postgres: PrivatePostgres;
  let embedder: FakeEmbeddingServer;
  let app: TestApp;
  let undisturbed: DocumentContents;
  let rowsOfOne: Record<string, number>;
  let documents = 0;
  before(async () => {
    assert.ok(isPossible, reason);
    postgres = await startPrivatePostgres();
    embedder = await startFakeEmbeddingServer();
    const reference = await createTestApp(postgres.url, { env: embedder.env });
    await sendHandbook(reference, 'undisturbed');
    await waitUntilReady(reference, 1);
    const [only] = await reference.inspect(readContents);
    assert.ok(only);
    undisturbed = only;
    rowsOfOne = await reference.inspect(countRows);
    await reference.close();
    app = await createTestApp(postgres.url, { env: embedder.env });
  });
  after(async () => {
    await app?.close();
    embedder?.close();
    await postgres?.remove();
  });

  /** A document of which some batches are saved and one is being embedded until `embedder.release()`. */
  const beginIngestion = async (mark: string): Promise<number> => {
    embedder.hold(LATE_PASSAGE);
    const response = await sendHandbook(app, mark);
    const { document_id } = uploadAnswer.parse(await expectJson(response, 202));
    await waitUntil('the last batch is being embedded', () => embedder.held() > 0);
    await waitUntil('others are saved', async () => (await readDocument(app, document_id)).progress > 0.8);
    documents += 1;
    return document_id;
  };

  const expectAway = async (response: Response) => {
    const retryAfter = Number(response.headers.get('retry-after'));
    await expectError(response, 503, 'database_unavailable');
    assert.ok(retryAfter > 0, response.url);
  };
  const expectUnavailable = async (id: number) => {
    const requests = [
      app.fetch('/api/document/'),
      app.fetch(`/api/document/${id}/text/`),
      postJson(app, '/api/search/', { query: 'How high is it?' }),
      postFile(app, 'An upload at a bad time.'),
      app.fetch('/api/session/create/', { method: 'POST' }),
    ];
    for (const response of await Promise.all(requests)) await expectAway(response);
  };

  test('crashed: requests get 503 with Retry-After, and the batch that could not be saved is done again', async () => {
    const id = await beginIngestion('database crashed');
    await postgres.stop('immediate');
    await expectUnavailable(id);
    embedder.release();
    await waitUntil('the batch could not be saved', () => app.log.text.includes('ingestion failed'));
    await expectUnavailable(id);
    await postgres.start();
    await waitUntilReady(app, id);
  });

  test('restarted while a batch is embedded: the batch is saved as if nothing had happened', async () => {
    const id = await beginIngestion('database restarted');
    const asked = embedder.texts.length;
    await postgres.stop('fast');
    await expectUnavailable(id);
    await postgres.start();
    embedder.release();
    await waitUntilReady(app, id);
    assert.equal(embedder.texts.length, asked, 'nothing is embedded twice');
  });

  test('crashed under a waiting statement: the upload that it belongs to gets 503 too', async () => {
    const database = new pg.Client({ connectionString: await findDatabase(postgres.url) });
    database.on('error', () => {}); // It is hung up on.
    await database.connect();
    await database.query('BEGIN; LOCK TABLE stored_files');
    const uploading = postFile(app, 'An upload that has begun.');
    await waitUntil('its statement waits', async () => {
      const { rows } = await database.query('SELECT FROM pg_locks WHERE NOT granted');
      return rows.length > 0;
    });
    await postgres.stop('immediate');
    await expectAway(await uploading).finally(() => postgres.start());
  });

  test('has the documents whole afterwards, and nothing else', async () => {
    const contents = await app.inspect(readContents);
    assert.equal(contents.length, documents);
    for (const content of contents)
      assert.deepEqual(content, { ...undisturbed, source: content.source }, `${content.source}`);
    assert.deepEqual(await app.inspect(countRows), rowsOfMany(rowsOfOne, documents));
  });
});
