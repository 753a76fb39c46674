import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, type Client, createSession, search, upload } from '../api-client.ts';
import { createFolder, runLectern, startServer } from '../cli/run-lectern.ts';
import { createNativeDatabase, type NativeDatabase } from '../database-templates/native-database.ts';
import { readSums } from './read-sums.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const skip = serverUrl || process.env.CI === 'true' ? false : 'TEST_DATABASE_URL names no native PostgreSQL';

const folder = await createFolder();
const dataDir = join(folder.path, 'data');
const question = 'When was the lighthouse built?';
let native: NativeDatabase;
let found: unknown;

const startClient = async (settings: Record<string, string> = {}) => {
  const server = await startServer(folder.path, settings);
  const client: Client = { fetch: (path, init) => fetch(`${server.url}${path}`, init) };
  return { server, client };
};

before(async () => {
  if (skip !== false) return;
  assert.ok(serverUrl);
  native = await createNativeDatabase(serverUrl, { isEmpty: true });
  const { server, client } = await startClient();
  await upload(client, 'The lighthouse was built in 1874. Its lamp turns all night.', 'lighthouse.txt');
  await upload(client, 'The mill grinds 40 sacks a day.', 'mill.txt');
  await ask(client, await createSession(client), question);
  ({ results: found } = await search(client, question));
  const refused = await runLectern(folder.path, ['migrate-to', native.url]);
  assert.match(refused.stderr, /is in use by process/);
  await server.stop();
});
after(async () => {
  await native?.drop();
  await folder.remove();
});

test('moving to a native database takes everything along and leaves the embedded one as it was', {
  skip,
}, async () => {
  const before = await readSums({ LECTERN_DATA_DIR: dataDir });
  const moved = await runLectern(folder.path, ['migrate-to', native.url]);
  assert.equal(moved.code, 0, moved.stderr);
  assert.match(
    moved.stdout,
    /all as they were\. \d+ sample questions find the same passages\.\nSet DATABASE_URL/,
  );
  assert.doesNotMatch(moved.stdout + moved.stderr, /postgres:\/\//, 'the address holds a password');
  const after = await readSums({ LECTERN_DATA_DIR: dataDir, DATABASE_URL: native.url });
  assert.deepEqual(after.manifest.tables, before.manifest.tables);
  assert.deepEqual(after.manifest.sequences, before.manifest.sequences);
  assert.deepEqual((await readSums({ LECTERN_DATA_DIR: dataDir })).manifest, before.manifest);
  assert.deepEqual(
    (await readdir(dataDir)).filter(name => /moving|copy/.test(name)),
    [],
  );

  const { server, client } = await startClient({ DATABASE_URL: native.url });
  const { results } = await search(client, question);
  await server.stop();
  assert.deepEqual(
    results.map(({ passage_id, text, score }) => [passage_id, text, score.toFixed(4)]),
    (found as typeof results).map(({ passage_id, text, score }) => [passage_id, text, score.toFixed(4)]),
  );
});

test('a database that holds something is not moved into', { skip }, async () => {
  const { code, stderr } = await runLectern(folder.path, ['migrate-to', native.url]);
  assert.equal(code, 1);
  assert.match(stderr, /holds documents or chats already/);
});

test('an address that is none is a wrong usage', async () => {
  const { code, stderr } = await runLectern(folder.path, ['migrate-to', 'mysql://root@localhost/x']);
  assert.equal(code, 2);
  assert.match(stderr, /begins with postgres:\/\//);
});

test('a database that can’t be reached is named in a sentence, and nothing of the move is left', async () => {
  const address = 'postgres://lectern:secret@127.0.0.1:1/lectern';
  const { code, stderr } = await runLectern(folder.path, ['migrate-to', address]);
  assert.equal(code, 1);
  assert.equal(
    stderr,
    "error: Lectern can't use the database: connect ECONNREFUSED 127.0.0.1:1. Check its address and that the server runs.\n",
  );
  assert.deepEqual(
    (await readdir(dataDir)).filter(name => /moving|copy/.test(name)),
    [],
  );
});
