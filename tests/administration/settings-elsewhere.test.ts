import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { upload } from '../api-client.ts';
import { createTestApp, createTestStorage, type TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { waitUntil } from '../wait-until.ts';
import { askForTopK, changeSettings } from './admin-client.ts';

const serverUrl = process.env.TEST_DATABASE_URL;

describe('settings that one of two processes changes', {
  skip: serverUrl ? false : 'TEST_DATABASE_URL is not set',
}, () => {
  let storage: Awaited<ReturnType<typeof createTestStorage>>;
  let embeddings: FakeEmbeddingServer;
  let here: TestApp;
  let elsewhere: TestApp;
  before(async () => {
    storage = await createTestStorage(serverUrl);
    embeddings = await startFakeEmbeddingServer();
    const env = { ...embeddings.env, DATABASE_URL: storage.databaseUrl ?? '' };
    here = await createTestApp(undefined, { env });
    elsewhere = await createTestApp(undefined, { env });
    for (const name of ['one', 'two', 'three'])
      await upload(here, `The lamp of lighthouse ${name} turns.`, `${name}.txt`);
  });
  after(async () => {
    await here?.close();
    await elsewhere?.close();
    embeddings?.close();
    await storage?.remove();
  });

  const untilTopK = (app: TestApp, count: number) =>
    waitUntil(`TOP_K is ${count}`, async () => (await askForTopK(app)) === count, 20_000);

  test('are in effect in the other', async () => {
    assert.equal(await askForTopK(elsewhere), 5);
    await changeSettings(here, { TOP_K: '1' });
    await untilTopK(elsewhere, 1);
    await changeSettings(elsewhere, { TOP_K: null });
    await untilTopK(here, 5);
  });

  test('are in effect there also when no notice comes', async () => {
    const client = new pg.Client({ connectionString: storage.databaseUrl });
    await client.connect();
    await client.query(`INSERT INTO settings (name, value) VALUES ('TOP_K', '2')`);
    await client.query(
      `INSERT INTO setting_changes (name, new_value, actor) VALUES ('TOP_K', '2', 'terminal')`,
    );
    await client.end();
    await untilTopK(elsewhere, 2);
    await untilTopK(here, 2);
    await changeSettings(here, { TOP_K: null });
    await untilTopK(elsewhere, 5);
  });

  test('give way where the environment has changed, so that they don’t go with it', async () => {
    await changeSettings(here, { DOCUMENT_CONTEXT_TOKENS: '100000' });
    const [env, expected] = [
      { ...embeddings.env, DATABASE_URL: storage.databaseUrl ?? '', MAX_CONTEXT_TOKENS: '50000' },
      /what was changed in the administration does not go with the environment/,
    ];
    const other = await createTestApp(undefined, { env });
    assert.match(other.log.text, expected);
    const { token_budget: budget } = (await (await other.fetch('/api/settings/')).json()) as {
      token_budget: { document_context_tokens: number };
    };
    assert.equal(budget.document_context_tokens, 5120);
    await other.close();
    await changeSettings(here, { DOCUMENT_CONTEXT_TOKENS: null });
  });
});
