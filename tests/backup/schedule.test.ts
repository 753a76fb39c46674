import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { nameBackup } from '../../server/backup/backup-folder.ts';
import { checkBackup } from '../../server/backup/read-backup.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => nameBackup(new Date(Date.now() - hours * HOUR_MS));

onEachDatabase('scheduled backups', createApp => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lectern-scheduled-'));
  });
  after(() => rm(folder, { recursive: true }));
  const startApp = () =>
    createApp({
      env: { SKIP_MODEL_LOADING: 'true', BACKUP_FOLDER: folder, BACKUP_EVERY_HOURS: '24', BACKUP_KEEP: '2' },
    });
  const names = async () => (await readdir(folder)).sort();

  test('are saved when the newest is too old, and the oldest of too many go', async () => {
    const [oldest, old, other] = [hoursAgo(60), hoursAgo(30), 'lectern-notes.txt'];
    for (const name of [oldest, old, other]) await writeFile(join(folder, name), '');
    const app = await startApp();
    await waitUntil('the oldest is gone', async () => !(await names()).includes(oldest));
    const [, newest = '', ...rest] = await names();
    assert.deepEqual([old, newest, other], [...(await names())]);
    assert.deepEqual(rest, [other]);
    assert.equal((await stat(join(folder, newest))).mode & 0o777, 0o600);
    await checkBackup(join(folder, newest));
    assert.match(app.log.text, /"msg":"backup saved"/);
    await app.stop();

    // The newest is new enough now: a start makes no other.
    await app.restart();
    await app.fetch('/livez');
    await app.stop();
    assert.equal((await names()).length, 3);
  });

  test('leave another process that is saving one alone, unless it is dead', async () => {
    for (const name of await names()) await rm(join(folder, name));
    const app = await startApp();
    await waitUntil('the first is saved', async () => (await names()).some(name => name.endsWith('.backup')));
    await app.stop();
    for (const name of await names()) await rm(join(folder, name));
    const unfinished = join(folder, 'lectern.backup.partial');
    await writeFile(unfinished, 'begun');
    await app.restart();
    await app.fetch('/livez');
    await app.stop();
    assert.deepEqual(await names(), ['lectern.backup.partial']);

    const longAgo = new Date(Date.now() - 2 * HOUR_MS);
    await utimes(unfinished, longAgo, longAgo);
    await app.restart();
    await waitUntil('one is saved', async () => (await names()).some(name => name.endsWith('Z.backup')));
    assert.deepEqual(
      (await names()).filter(name => name.endsWith('.partial')),
      [],
    );
  });
});
