import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createFolder, repository, runLectern, startServer } from './run-lectern.ts';

const folder = await createFolder();
const elsewhere = await createFolder();
let server: Awaited<ReturnType<typeof startServer>>;
before(async () => {
  server = await startServer(folder.path);
});
after(async () => {
  await server.stop();
  await Promise.all([folder.remove(), elsewhere.remove()]);
});

const manual = join(repository, 'samples/product-manual.txt');
const countDocuments = async () => {
  const response = await fetch(`${server.url}/api/document/`);
  return ((await response.json()) as { documents: unknown[] }).documents.length;
};

test('ingest and ask find the server that runs on the data folder', async () => {
  const first = await runLectern(folder.path, ['ingest', manual]);
  assert.deepEqual({ code: first.code, stderr: first.stderr }, { code: 0, stderr: '' });
  assert.match(first.stdout, /^1 ready, 0 already there, 0 skipped, 0 failed$/m);
  assert.equal(await countDocuments(), 1);
  const { code, stdout } = await runLectern(folder.path, [
    'ask',
    'How long does the warranty cover the battery?',
  ]);
  assert.equal(code, 0);
  assert.match(stdout, /battery for 24 months only\..*\[1\]/);
  assert.match(stdout, /\nSources\n\[1\] product-manual\.txt\n/);
});

test('--server needs no data folder and no settings', async () => {
  const { code, stdout } = await runLectern(elsewhere.path, ['ingest', manual, '--server', `${server.url}/`]);
  assert.equal(code, 0);
  assert.equal(stdout, `already there ${manual}\n0 ready, 1 already there, 0 skipped, 0 failed\n`);
});

test('migrate names the process that has the data folder', async () => {
  const { code, stderr } = await runLectern(folder.path, ['migrate']);
  assert.equal(code, 1);
  assert.match(stderr, /^error: The data folder .+ is in use by process \d+ .+\n$/);
});

test('an older Node hands over to the one in node_modules', async context => {
  const { stdout } = await promisify(execFile)('/usr/bin/env', ['-i', '/usr/bin/node', '--version']).catch(
    () => ({
      stdout: '',
    }),
  );
  if (!/^v(18|20|22)\./.test(stdout)) return context.skip('there is no older Node in /usr/bin');
  const launcher = join(repository, 'cli/lectern.mjs');
  const answered = await promisify(execFile)(
    '/usr/bin/node',
    [launcher, 'ask', '--json', 'How long is the warranty?'],
    {
      cwd: folder.path,
      env: { LECTERN_DATA_DIR: join(folder.path, 'data') },
    },
  );
  assert.match(answered.stdout, /"type":"done"/);
  await assert.rejects(promisify(execFile)('/usr/bin/node', [launcher, 'fly']), { code: 2 });
});
