import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentList, uploadAnswer } from '../../contract/documents.ts';
import { expectError, expectJson, postFile, postJson, upload, waitUntilReady } from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { copyEmbeddedCluster } from '../database-templates/embedded-template.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { waitUntil } from '../wait-until.ts';
import { sendHandbook } from './kill-rig.ts';
import { startPrivatePostgres } from './private-postgres.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

const notMounted = 'mounting a small file system is not allowed here (needs root)';
const noBinaries = 'TEST_DATABASE_URL names no native PostgreSQL: `.ci/native-postgres start` prints one';
/** Of several stored parts. */
const largeText = 'A line of a text that needs some space.\n'.repeat(12_000);

/** What a small disk with a database needs, and the app on it. */
type Rig = { app: TestApp; disk: SmallDisk; embedder: FakeEmbeddingServer };

test('an embedded database on a full disk refuses uploads, and goes on when there is space', async context => {
  const disk = await mountSmallDisk(128);
  if (!disk) return context.skip(notMounted);
  try {
    await copyEmbeddedCluster(disk.folder);
    await fillAndFree(disk, undefined, { LECTERN_DATA_DIR: disk.folder });
  } finally {
    await disk.remove();
  }
});

test('a native database on a full disk refuses uploads, and goes on when there is space', async context => {
  if (!process.env.TEST_DATABASE_URL) {
    assert.notEqual(process.env.CI, 'true', noBinaries);
    return context.skip(noBinaries);
  }
  const disk = await mountSmallDisk(96);
  if (!disk) return context.skip(notMounted);
  const postgres = await startPrivatePostgres({ dataFolder: disk.folder });
  try {
    await fillAndFree(disk, postgres.url);
  } finally {
    await postgres.remove();
    await disk.remove();
  }
});

/** @param serverUrl of the native server on the disk; an embedded database there when undefined. */
async function fillAndFree(disk: SmallDisk, serverUrl: string | undefined, env = {}): Promise<void> {
  const embedder = await startFakeEmbeddingServer();
  const app = await createTestApp(serverUrl, { env: { ...embedder.env, ...env } });
  try {
    await expectRefusals({ app, disk, embedder });
  } finally {
    await app.close();
    embedder.close();
  }
}

async function expectRefusals({ app, disk, embedder }: Rig): Promise<void> {
  await upload(app, 'A text from before.');
  embedder.hold(/Tree 18\d/);
  const { document_id: id } = uploadAnswer.parse(await expectJson(await sendHandbook(app, 'halfway'), 202));
  await waitUntil('its last batch is being embedded', () => embedder.held() > 0);

  await disk.fill();
  embedder.release();
  await expectError(await postFile(app, largeText), 507, 'storage_full');
  const failed = await waitUntil('the ingestion has failed', async () => {
    const { documents } = await listAll(app);
    return documents.find(document => document.id === id)?.error ?? undefined;
  });
  assert.deepEqual([failed.code, failed.retryable], ['storage_full', true]);
  const found = await postJson(app, '/api/search/', { query: 'What was before?' });
  assert.match(await found.text(), /A text from before/);
  assert.equal((await listAll(app)).documents.length, 2, 'nothing is left of the refused upload');

  await disk.free();
  await upload(app, largeText);
  const again = await app.fetch(`/api/document/${id}/reprocess/`, { method: 'POST' });
  assert.equal(again.status, 202, await again.text());
  await waitUntilReady(app, id);
  for (const document of (await listAll(app)).documents)
    await app.fetch(`/api/document/${document.id}/`, { method: 'DELETE' });
  assert.deepEqual(await app.inspect(countContent), {});
}

const listAll = async (app: TestApp) =>
  documentList.parse(await expectJson(await app.fetch('/api/document/'), 200));
