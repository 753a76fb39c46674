import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkBackup } from '../../server/backup/read-backup.ts';
import { type Client, search } from '../api-client.ts';
import { createFolder, runLectern, startServer } from '../cli/run-lectern.ts';
import type { TestApp } from '../create-test-app.ts';
import { createNativeDatabase, type NativeDatabase } from '../database-templates/native-database.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { fill, saveBackupOf, startLoad } from './backup-under-load.ts';
import { readSums } from './read-sums.ts';

const questions = ['When was the lighthouse built?', 'sacks of flour', 'How many cranes has harbour 2?'];
const find = async (client: Client) => {
  const found = [];
  for (const question of questions) {
    const { results } = await search(client, question);
    found.push(results.map(({ passage_id, text }) => [passage_id, text]));
  }
  return found;
};

onEachDatabase('a backup', (createApp, server) => {
  let app: TestApp;
  const opened: (NativeDatabase | { remove(): Promise<void> })[] = [];
  after(async () => {
    for (const one of opened) await ('drop' in one ? one.drop() : one.remove());
  });
  const createPlace = async (kind: 'embedded' | 'native') => {
    const folder = await createFolder();
    opened.push(folder);
    const dataDir = join(folder.path, 'data');
    if (kind === 'embedded' || !process.env.TEST_DATABASE_URL)
      return { folder: folder.path, env: { LECTERN_DATA_DIR: dataDir } };
    const database = await createNativeDatabase(process.env.TEST_DATABASE_URL, { isEmpty: true });
    opened.push(database);
    return { folder: folder.path, env: { LECTERN_DATA_DIR: dataDir, DATABASE_URL: database.url } };
  };
  let path: string;
  before(async () => {
    app = await createApp();
    await fill(app);
    const { folder } = await createPlace('embedded');
    path = join(folder, 'lectern.backup');
  });

  test('of a server at work is whole, and its work goes on', async () => {
    const load = startLoad(app);
    try {
      await waitUntil('it works', async () => (await search(app, 'harbour')).searched_documents > 6);
      await saveBackupOf(app, path);
    } finally {
      await load.stop();
    }
    const { manifest, header } = await checkBackup(path);
    assert.equal(header.database_kind, server.kind);
    assert.ok(manifest.samples.length >= 5, JSON.stringify(manifest.samples));
    assert.ok(manifest.samples.every(sample => sample.passage_ids.length > 0));
    const rows = new Map(manifest.tables.map(table => [table.name, table.rows]));
    assert.ok((rows.get('documents') ?? 0) >= 4 && (rows.get('messages') ?? 0) >= 4);
    assert.ok((await search(app, 'harbour')).searched_documents > (rows.get('documents') ?? 0));
  });

  test('is refused while another is made, and not after that', async () => {
    const first = await app.fetch('/api/backup/', { method: 'POST' });
    const second = await app.fetch('/api/backup/', { method: 'POST' });
    // The first fits into the buffers of the connection and may be over.
    assert.ok([200, 409].includes(second.status));
    await Promise.all([first.arrayBuffer(), second.arrayBuffer()]);
    await saveBackupOf(app, path);
  });

  for (const kind of ['embedded', 'native'] as const)
    test(`is restored to the letter into the ${kind} database, and finds the same`, async context => {
      if (kind === 'native' && !process.env.TEST_DATABASE_URL) return context.skip('no TEST_DATABASE_URL');
      const { folder, env } = await createPlace(kind);
      const restored = await runLectern(folder, ['restore', path], env);
      assert.equal(restored.code, 0, restored.stderr);
      assert.match(
        restored.stdout,
        /^restored \d+ rows of \d+ tables, all as they were\. \d+ sample questions/,
      );
      const [wanted, found] = [await checkBackup(path), await readSums(env)];
      assert.deepEqual(found.manifest.tables, wanted.manifest.tables);
      assert.deepEqual(found.manifest.sequences, wanted.manifest.sequences);
      assert.deepEqual(found.header.migrations, wanted.header.migrations);

      const again = await runLectern(folder, ['restore', path], env);
      assert.equal(again.code, 1);
      assert.match(again.stderr, /^error: The database holds documents or chats already\. --replace /);
      const running = await startServer(folder, env);
      try {
        const client = { fetch: (to: string, init?: RequestInit) => fetch(`${running.url}${to}`, init) };
        assert.deepEqual(await find(client), await find(app));
        const used = await runLectern(folder, ['restore', path, '--replace'], env);
        assert.equal(used.code, 1);
        assert.match(used.stderr, /is in use by process|A Lectern is connected to the database/);
      } finally {
        await running.stop();
      }
      const replaced = await runLectern(folder, ['restore', path, '--replace'], env);
      assert.equal(replaced.code, 0, replaced.stderr);
      assert.deepEqual((await readSums(env)).manifest.tables, wanted.manifest.tables);
    });

  test('that is broken is refused before anything changes', async () => {
    const { folder, env } = await createPlace(server.kind);
    const broken = join(folder, 'broken.backup');
    await writeFile(broken, 'no backup at all');
    const { code, stderr } = await runLectern(folder, ['restore', broken, '--replace'], env);
    assert.deepEqual([code, stderr], [1, `error: ${broken} is no backup of Lectern.\n`]);
  });
});
