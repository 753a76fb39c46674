import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { waitUntil } from '../wait-until.ts';
import { createFolder, runLectern, startLectern, startServer } from './run-lectern.ts';

// One server and one folder; the tests build on each other.
const folder = await createFolder();
const docs = join(folder.path, 'docs');
const file = (name: string) => join(docs, name);
let server: Awaited<ReturnType<typeof startServer>>;
before(async () => {
  server = await startServer(folder.path);
  await mkdir(docs);
});
after(async () => {
  await server.stop();
  await folder.remove();
});

type Listed = { id: number; filename: string; source: string | null; state: string };

async function listDocuments(): Promise<Listed[]> {
  const response = await fetch(`${server.url}/api/document/`);
  return ((await response.json()) as { documents: Listed[] }).documents;
}

/** The names at the ends of the documents' sources. */
const held = async () => (await listDocuments()).map(({ source }) => source?.split('/').at(-1)).sort();

/** `lectern ingest docs --watch`, until `stop` ends it with a signal. */
function startWatching(url: string) {
  const child = startLectern(folder.path, [
    'ingest',
    'docs',
    '--watch',
    '--exclude',
    '*.csv',
    '--server',
    url,
  ]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', piece => {
    stdout += piece;
  });
  child.stderr.on('data', piece => {
    stderr += piece;
  });
  const closed = once(child, 'close');
  return {
    /** Until the pattern stands in what was printed since the call before; returns that. */
    async told(pattern: RegExp): Promise<string> {
      await waitUntil(String(pattern), () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${stdout}${stderr}`);
        return pattern.test(stdout + stderr);
      });
      const told = stdout + stderr;
      [stdout, stderr] = ['', ''];
      return told;
    },
    async stop() {
      child.kill('SIGINT');
      await closed;
      return { code: child.exitCode, stdout, stderr };
    },
  };
}

test('a folder is followed: new, changed, renamed, copied and deleted files', async () => {
  await writeFile(file('a.txt'), 'The lighthouse of Tangen was painted green in 1931.');
  await writeFile(file('b.md'), '# Ferry\n\nThe ferry to Holm leaves at noon.');
  await writeFile(file('c.csv'), 'left,out');
  const watching = startWatching(server.url);
  try {
    const first = await watching.told(/2 files are in step/);
    assert.match(first, /^sent .*\/docs\/a\.txt \(1 chunk\)$/m);
    const [b] = (await listDocuments()).filter(({ filename }) => filename === 'b.md');

    await writeFile(file('a.txt'), 'The lighthouse of Tangen was painted blue in 1950.');
    await watching.told(/^replaced .*a\.txt[\s\S]*in step/m);
    const { stdout } = await runLectern(folder.path, ['ask', 'Which colour has the lighthouse of Tangen?']);
    assert.match(stdout, /painted blue in 1950/);
    assert.doesNotMatch(stdout, /1931/);

    await rename(file('b.md'), file('ferry.md'));
    await watching.told(/^moved .*b\.md to .*ferry\.md\n[\s\S]*in step/m);
    assert.deepEqual(await held(), ['a.txt', 'ferry.md']);
    assert.ok(
      (await listDocuments()).some(({ id }) => id === b?.id),
      'it is the same document',
    );

    await writeFile(file('copy.txt'), 'The lighthouse of Tangen was painted blue in 1950.');
    await watching.told(/3 files are in step/);
    await rm(file('a.txt'));
    await watching.told(/^moved .*a\.txt to .*copy\.txt\n[\s\S]*2 files are in step/m);
    await rm(file('copy.txt'));
    await watching.told(/^deleted .*copy\.txt\n[\s\S]*1 file is in step/m);
    assert.deepEqual(await held(), ['ferry.md']);
  } finally {
    const { code, stdout, stderr } = await watching.stop();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.equal(stdout, '2 sent, 1 replaced, 2 moved, 1 deleted, 0 failed\n');
  }
});

test('what changed while nobody watched is made up for, and what comes from elsewhere stays', async () => {
  await writeFile(join(folder.path, 'beside.txt'), 'Beside the folder.');
  await runLectern(folder.path, ['ingest', 'beside.txt']);
  await writeFile(file('new.txt'), 'New while nobody watched.');
  await writeFile(file('empty.txt'), '');
  await rm(file('ferry.md'));
  const watching = startWatching(server.url);
  await watching.told(/^deleted .*ferry\.md\n[\s\S]*1 file is in step/m);
  assert.deepEqual(await held(), ['beside.txt', 'new.txt']);
  const { code, stdout } = await watching.stop();
  assert.equal(code, 1);
  assert.equal(stdout, '1 sent, 0 replaced, 0 moved, 1 deleted, 1 failed\n');
  await rm(file('empty.txt'));
});

test('a server that restarts is waited for, and then has all that changed meanwhile', async () => {
  const watching = startWatching(server.url);
  await watching.told(/in step/);
  const port = new URL(server.url).port;
  await server.stop();
  await writeFile(file('meanwhile.txt'), 'Written while the server was away.');
  await watching.told(/error: There is no answer from .*\. Trying again until it is back\.\n/);
  server = await startServer(folder.path, { PORT: port });
  await watching.told(/^sent .*meanwhile\.txt[\s\S]*2 files are in step/m);
  assert.equal((await watching.stop()).code, 0);
  assert.deepEqual(await held(), ['beside.txt', 'meanwhile.txt', 'new.txt']);
});

test('a folder that is gone takes no document with it', async () => {
  const watching = startWatching(server.url);
  await watching.told(/in step/);
  await rename(docs, `${docs}-away`);
  await watching.told(/docs is away: its documents stay until it is back\n/);
  await rename(`${docs}-away`, docs);
  await watching.told(/2 files are in step/);
  await watching.stop();
  assert.deepEqual(await held(), ['beside.txt', 'meanwhile.txt', 'new.txt']);
});

test('without --watch nothing is deleted, and the source is kept for a later watch', async () => {
  await writeFile(file('plain.txt'), 'Sent without watching.');
  await runLectern(folder.path, ['ingest', 'docs', '--exclude', '*.csv']);
  await rm(file('new.txt'));
  await runLectern(folder.path, ['ingest', 'docs', '--exclude', '*.csv']);
  assert.deepEqual(await held(), ['beside.txt', 'meanwhile.txt', 'new.txt', 'plain.txt']);
  const watching = startWatching(server.url);
  await watching.told(/^deleted .*new\.txt\n[\s\S]*2 files are in step/m);
  await watching.stop();
  assert.deepEqual(await held(), ['beside.txt', 'meanwhile.txt', 'plain.txt']);
});
