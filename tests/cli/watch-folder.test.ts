import assert from 'node:assert/strict';
import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ApiError, ServerAwayError } from '../../cli/api-errors.ts';
import { FolderSync } from '../../cli/sync/folder-sync.ts';
import { News } from '../../cli/sync/news.ts';
import { type Pace, watchFolder } from '../../cli/sync/watch-folder.ts';
import { DocumentServer } from '../fakes/document-server.ts';
import { waitUntil } from '../wait-until.ts';
import { createFolder } from './run-lectern.ts';

const quick: Pace = { gatherMs: 20, soonMs: 60, rescanMs: 600_000, firstRetryMs: 10, longestRetryMs: 40 };

/** Watches a folder until the test ends. */
async function startWatching(
  t: TestContext,
  { settleMs = 50, ...pace }: Partial<Pace> & { settleMs?: number } = {},
) {
  const folder = await createFolder();
  const root = join(await realpath(folder.path), 'docs');
  await mkdir(root);
  await writeFile(join(root, 'a.txt'), 'one');
  const server = new DocumentServer();
  const told: string[] = [];
  const watcher = {
    sent: (path: string) => void told.push(`sent ${basename(path)}`),
    replaced: (path: string) => void told.push(`replaced ${basename(path)}`),
    moved: (_: string, path: string) => void told.push(`moved ${basename(path)}`),
    deleted: (source: string) => void told.push(`deleted ${basename(source)}`),
    failed: (path: string, reason: string) => void told.push(`failed ${basename(path)}: ${reason}`),
    foundElsewhere() {},
    inStep: () => void told.push('in step'),
    folderGone: (what: string) => void told.push(what),
    serverAway: () => void told.push('server away'),
    watchingFailed: (error: unknown) => void told.push(`watching failed: ${error}`),
  };
  const ending = new AbortController();
  const news = new News();
  const { signal } = ending;
  const sync = new FolderSync({ client: server, root, exclude: [], signal, watcher, settleMs });
  const ended = watchFolder(sync, { root, news, signal, watcher, pace: { ...quick, ...pace } });
  ended.catch(() => {});
  t.after(async () => {
    ending.abort();
    await ended.catch(() => {});
    await folder.remove();
  });
  return { root, server, told, ended, ending };
}

const isTold = (told: string[], ...lines: string[]) =>
  waitUntil(lines.join(), () => lines.every(line => told.includes(line)), 15_000);

test('changes are noticed as they come', async t => {
  const { root, told } = await startWatching(t);
  await isTold(told, 'sent a.txt', 'in step');
  await mkdir(join(root, 'deep/er'), { recursive: true });
  await writeFile(join(root, 'deep/er/b.md'), 'two');
  await isTold(told, 'sent b.md');
  await writeFile(join(root, 'deep/er/b.md'), 'two, changed');
  await isTold(told, 'replaced b.md');
  await rename(join(root, 'deep'), join(root, 'shallow'));
  await isTold(told, 'moved b.md');
  // As editors save: the new file takes the name of the old one.
  await writeFile(join(root, '.a.txt.swp'), 'one, saved');
  await rename(join(root, '.a.txt.swp'), join(root, 'a.txt'));
  await isTold(told, 'replaced a.txt');
  await rm(join(root, 'shallow'), { recursive: true });
  await isTold(told, 'deleted b.md');
  await writeFile(join(root, '.gitignore'), 'c.txt');
  await writeFile(join(root, 'c.txt'), 'ignored');
  await writeFile(join(root, 'd.txt'), 'taken');
  await isTold(told, 'sent d.txt');
  assert.deepEqual(
    told.filter(line => /c\.txt|\.swp|failed|away/.test(line)),
    [],
  );
});

test('a file that grows for a while is sent once, whole', async t => {
  const { root, told, server } = await startWatching(t, { settleMs: 500 });
  await isTold(told, 'in step');
  for (let size = 1; size <= 20; size += 1) {
    await writeFile(join(root, 'big.txt'), 'x'.repeat(size));
    await new Promise(resolve => setTimeout(resolve, 15));
  }
  await isTold(told, 'sent big.txt');
  assert.deepEqual(server.calls, ['upload a.txt', 'upload big.txt']);
});

test('a server that is away is asked until it is back, and then told all that changed', async t => {
  const { root, told, server } = await startWatching(t);
  await isTold(told, 'in step');
  server.failures.push(...Array.from({ length: 5 }, () => new ServerAwayError('There is no answer.')));
  await writeFile(join(root, 'b.txt'), 'two');
  await rm(join(root, 'a.txt'));
  await isTold(told, 'server away', 'sent b.txt', 'deleted a.txt');
  assert.equal(server.failures.length, 0);
});

test('a server that is starting is waited for; one that refuses this client is not', async t => {
  const { told, server, ended, root } = await startWatching(t);
  await isTold(told, 'in step');
  server.failures.push(new ApiError(503, 'database_unavailable', 'The database is away.'));
  await writeFile(join(root, 'b.txt'), 'two');
  await isTold(told, 'server away', 'sent b.txt');
  const refusal = new ApiError(403, 'origin_not_allowed', 'Not you.');
  server.failures.push(refusal);
  await writeFile(join(root, 'c.txt'), 'three');
  await assert.rejects(ended, refusal);
});

test('a folder that goes away keeps its documents, and is followed again when it is back', async t => {
  const { root, told, server } = await startWatching(t);
  await isTold(told, 'in step');
  await rename(root, `${root}-away`);
  await isTold(told, 'away');
  assert.equal(server.holdings.length, 1);
  await rename(`${root}-away`, root);
  await writeFile(join(root, 'b.txt'), 'two');
  await isTold(told, 'sent b.txt');
  await writeFile(join(root, 'c.txt'), 'three');
  await isTold(told, 'sent c.txt');
  // As a drive that is unmounted leaves it.
  await rename(root, `${root}-away`);
  await mkdir(root);
  await isTold(told, 'empty');
  assert.equal(server.holdings.length, 3);
});

test('what is not noticed is found by the next comparison', async t => {
  const { told, server } = await startWatching(t, { rescanMs: 100 });
  await isTold(told, 'in step');
  const [document] = server.holdings;
  server.remove(document?.id ?? 0);
  await waitUntil('sent again', () => told.filter(line => line === 'sent a.txt').length === 2);
});

test('the signal ends it', async t => {
  const { told, ended, ending } = await startWatching(t);
  await isTold(told, 'in step');
  const reason = new Error('enough');
  ending.abort(reason);
  await assert.rejects(ended, reason);
});
