import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeOldBuilds } from './remove-old-builds.ts';

test('the newest builds stay, and whatever may still be in the making', async () => {
  const builds = await mkdtemp(join(tmpdir(), 'lectern-builds-'));
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  try {
    for (const days of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const path = join(builds, `build-${days}`);
      await mkdir(path);
      await utimes(path, daysAgo(days), daysAgo(days));
    }
    for (let unfinished = 0; unfinished < 5; unfinished++)
      await mkdir(join(builds, `unfinished-${unfinished}`));
    await removeOldBuilds(builds, join(builds, 'build-7'));
    assert.deepEqual((await readdir(builds)).filter(name => name.startsWith('build')).sort(), [
      'build-0',
      'build-7',
    ]);
    assert.equal((await readdir(builds)).filter(name => name.startsWith('unfinished')).length, 5);
  } finally {
    await rm(builds, { recursive: true });
  }
});
