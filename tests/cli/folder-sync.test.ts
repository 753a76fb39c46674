import assert from 'node:assert/strict';
import { chmod, mkdir, realpath, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ServerAwayError } from '../../cli/api-errors.ts';
import { toSource } from '../../cli/sync/document-source.ts';
import { FolderSync } from '../../cli/sync/folder-sync.ts';
import { DocumentServer, hash } from '../fakes/document-server.ts';
import { createFolder } from './run-lectern.ts';

/** Long ago: such a file is not being written any more. */
const LONG_AGO = new Date('2026-01-01');

/** A folder and a server, and the sync between them, whose doings are told by `told`. */
async function createRig(t: TestContext, { settleMs = 1_000, exclude = [] as string[] } = {}) {
  const folder = await createFolder();
  t.after(() => folder.remove());
  const root = join(await realpath(folder.path), 'docs');
  await mkdir(root);
  const server = new DocumentServer();
  const told: string[] = [];
  const tell = (what: string) => (path: string) => void told.push(`${what} ${basename(path)}`);
  const signal = new AbortController().signal;
  const watcher = {
    sent: tell('sent'),
    replaced: tell('replaced'),
    moved: (_: string, path: string) => void told.push(`moved ${basename(path)}`),
    deleted: tell('deleted'),
    foundElsewhere: tell('elsewhere'),
    failed: tell('failed'),
  };
  const createSync = (hasNews = () => false) =>
    new FolderSync({ client: server, root, exclude, signal, settleMs, watcher, hasNews });
  const sync = createSync();
  return {
    root,
    server,
    createSync,
    async write(name: string, content: string, at = LONG_AGO) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), content);
      await utimes(join(root, name), at, at);
    },
    /** What a run told. */
    async run({ relist = false } = {}) {
      told.length = 0;
      const result = await sync.run({ relist });
      return { ...result, told: [...told].sort() };
    },
    /** What the server has of the folder, by path. */
    held: () =>
      Object.fromEntries(
        server.holdings
          .filter(({ source }) => source?.startsWith(`${toSource(root)}/`))
          .map(({ source, sha256 }) => [source?.slice(toSource(root).length + 1), sha256]),
      ),
  };
}

test('new, changed, renamed and deleted files', async t => {
  const { root, write, run, held } = await createRig(t);
  await write('a.txt', 'one');
  await write('b.txt', 'two');
  await write('deep/c.txt', 'three');
  assert.deepEqual((await run()).told, ['sent a.txt', 'sent b.txt', 'sent c.txt']);
  await write('a.txt', 'one, changed');
  await rename(join(root, 'b.txt'), join(root, 'b2.txt'));
  await rm(join(root, 'deep/c.txt'));
  const { told, inStep, folder, unfinished } = await run();
  assert.deepEqual(told, ['deleted c.txt', 'moved b2.txt', 'replaced a.txt']);
  assert.deepEqual({ inStep, folder, unfinished }, { inStep: 2, folder: 'there', unfinished: false });
  assert.deepEqual(held(), { 'a.txt': hash('one, changed'), 'b2.txt': hash('two') });
  assert.deepEqual((await run({ relist: true })).told, []);
});

test('a folder is known again by another process, and only what is in it is touched', async t => {
  const { write, run, server, createSync, root } = await createRig(t);
  await server.add('beside', `${toSource(root)}-2/a.txt`);
  await server.add('by hand', null);
  await write('a.txt', 'one');
  await run();
  server.calls.length = 0;
  await createSync().run({ relist: true });
  assert.deepEqual(server.calls, []);
  assert.equal(server.holdings.length, 3);
});

test('files with the same bytes are one document, which stays while one of them does', async t => {
  const { root, write, run, held, server } = await createRig(t);
  await write('a.txt', 'same');
  await write('b.txt', 'same');
  assert.deepEqual((await run()).told, ['sent a.txt']);
  for (const relist of [true, false, true]) assert.deepEqual((await run({ relist })).told, []);
  await rm(join(root, 'a.txt'));
  assert.deepEqual((await run()).told, ['moved b.txt']);
  await write('a.txt', 'same');
  assert.deepEqual((await run()).told, []);
  assert.deepEqual(held(), { 'b.txt': hash('same') });
  assert.deepEqual(server.calls, ['upload a.txt', 'move b.txt']);
});

test('bytes that are there from elsewhere are not claimed, sent or deleted', async t => {
  const { root, write, run, server } = await createRig(t);
  const { id } = await server.add('shared', null);
  await write('a.txt', 'shared');
  await write('b.txt', 'ours');
  assert.deepEqual((await run()).told, ['elsewhere a.txt', 'sent b.txt']);
  assert.deepEqual((await run()).told, []);
  await rm(join(root, 'a.txt'));
  // Its own document goes when the file becomes a copy of what is there from elsewhere, known or not.
  await write('b.txt', 'shared');
  assert.deepEqual((await run()).told, ['deleted b.txt', 'elsewhere b.txt']);
  await write('b.txt', 'ours again');
  assert.deepEqual((await run()).told, ['sent b.txt']);
  await write('b.txt', 'shared');
  assert.deepEqual((await run({ relist: true })).told, ['deleted b.txt', 'elsewhere b.txt']);
  assert.deepEqual(
    server.holdings.map(document => document.id),
    [id],
  );
  // When it goes, the file is sent.
  server.remove(id);
  assert.deepEqual((await run({ relist: true })).told, ['sent b.txt']);
});

test('a file that is still being written is not sent, and its document stays', async t => {
  const { root, write, run, held } = await createRig(t);
  await write('a.txt', 'whole');
  await write('z.txt', 'other');
  await run();
  await write('a.txt', 'ha', new Date());
  await write('new.txt', 'ne', new Date());
  const { told, unfinished } = await run({ relist: true });
  assert.deepEqual({ told, unfinished }, { told: [], unfinished: true });
  assert.deepEqual(held()['a.txt'], hash('whole'));
  for (const name of ['a.txt', 'new.txt']) await utimes(join(root, name), LONG_AGO, LONG_AGO);
  assert.deepEqual((await run()).told, ['replaced a.txt', 'sent new.txt']);
});

test('a folder that is away, empty or can not be read loses no document', async t => {
  const { root, write, run, server } = await createRig(t);
  await write('a.txt', 'one');
  await write('deep/b.txt', 'two');
  await run();
  await rename(root, `${root}-away`);
  assert.equal((await run({ relist: true })).folder, 'away');
  await mkdir(root);
  assert.equal((await run({ relist: true })).folder, 'empty');
  await rm(root, { recursive: true });
  await rename(`${root}-away`, root);
  await chmod(join(root, 'deep'), 0);
  const { told, folder } = await run();
  await chmod(join(root, 'deep'), 0o700);
  assert.equal(folder, 'there');
  if (process.getuid?.() !== 0) assert.deepEqual(told, ['failed deep']); // Nothing is hidden from root.
  assert.equal(server.holdings.length, 2);
  assert.deepEqual((await run()).told, []);
});

test('files that are left out from now on lose their documents', async t => {
  const { write, run, held } = await createRig(t, { exclude: ['*.csv'] });
  await write('a.txt', 'one');
  await write('b.csv', 'two');
  await write('drafts/c.txt', 'three');
  await run();
  assert.deepEqual(Object.keys(held()).sort(), ['a.txt', 'drafts/c.txt']);
  await write('.lecternignore', 'drafts/');
  const { told, skippedFolders } = await run();
  assert.deepEqual(told, ['deleted c.txt']);
  assert.deepEqual(
    [...skippedFolders].map(path => basename(path)),
    ['drafts'],
  );
});

test('what the server can not use is told, not sent again until it changes, and stops nothing', async t => {
  const { write, run, server } = await createRig(t);
  server.refused.add('nothing');
  server.hopeless.add('broken');
  await write('a.txt', 'nothing');
  await write('b.txt', 'broken');
  await write('c.txt', 'fine');
  const { told, inStep } = await run();
  assert.deepEqual(told, ['failed a.txt', 'failed b.txt', 'sent c.txt']);
  assert.equal(inStep, 1);
  for (const relist of [false, true]) assert.deepEqual((await run({ relist })).told, []);
  assert.deepEqual(server.calls, ['upload a.txt', 'upload b.txt', 'upload c.txt']);
  await write('a.txt', 'something');
  await write('b.txt', 'repaired');
  assert.deepEqual((await run()).told, ['replaced b.txt', 'sent a.txt']);
});

test('a new process tries once more what had failed', async t => {
  const { write, run, server, createSync } = await createRig(t);
  server.hopeless.add('broken');
  await write('a.txt', 'broken');
  await run();
  const other = createSync();
  for (const relist of [true, true]) await other.run({ relist });
  assert.deepEqual(server.calls, ['upload a.txt', 'replace a.txt']);
});

test('a server that is away ends the run, and the next one goes on', async t => {
  const { write, run, server } = await createRig(t);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await write(`${name}.txt`, name);
  const away = new ServerAwayError('There is no answer.');
  server.failures.push(away);
  await assert.rejects(run(), away);
  await run();
  await write('a.txt', 'changed');
  server.failures.push(away);
  await assert.rejects(run(), away);
  assert.deepEqual((await run({ relist: true })).told, ['replaced a.txt']);
});

test('a document that somebody deletes or takes over on the server is noticed', async t => {
  const { root, write, run, server, held } = await createRig(t);
  await write('a.txt', 'one');
  await write('b.txt', 'two');
  await run();
  // Two are sent at a time: either may come first.
  const [first, second] = ['a.txt', 'b.txt'].map(name =>
    server.holdings.find(({ source }) => source?.endsWith(name)),
  );
  assert.ok(first && second);
  server.remove(first.id);
  await write('a.txt', 'changed');
  second.source = 'taken over';
  await rm(join(root, 'b.txt'));
  assert.equal((await run()).unfinished, true);
  await run();
  assert.deepEqual(held(), { 'a.txt': hash('changed') });
  assert.equal(second.source, 'taken over');
  assert.ok(server.holdings.includes(second));
});

test('news end a run between two files', async t => {
  const { write, server, createSync } = await createRig(t);
  for (let number = 0; number < 20; number += 1) await write(`${number}.txt`, `${number}`);
  const { unfinished } = await createSync(() => server.calls.length >= 4).run({ relist: true });
  assert.equal(unfinished, true);
  assert.ok(server.holdings.length < 10, `${server.holdings.length} were sent`);
});
