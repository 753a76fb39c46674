import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { VectorCache } from './vector-cache.ts';

const folder = await mkdtemp(join(tmpdir(), 'lectern-vectors-'));
after(() => rm(folder, { recursive: true }));

const vectorOf = (seed: number) => Float32Array.of(seed, seed / 3, -seed);

async function fill(path: string, count: number): Promise<void> {
  const cache = await VectorCache.open(path);
  const entries = Array.from({ length: count }, (_, seed) => ({
    text: `text ${seed}`,
    vector: vectorOf(seed),
  }));
  await Promise.all(entries.map(entry => cache.save('model', [entry])));
  await cache.close();
}

async function contents(path: string): Promise<[size: number, last: Float32Array | undefined]> {
  const cache = await VectorCache.open(path);
  const found: [number, Float32Array | undefined] = [cache.size, cache.find('model', 'text 9')];
  await cache.close();
  return found;
}

test('what was saved is found again, by model and text', async () => {
  const path = join(folder, 'whole');
  await fill(path, 10);
  assert.deepEqual(await contents(path), [10, vectorOf(9)]);
  const cache = await VectorCache.open(path);
  assert.equal(cache.find('another', 'text 9'), undefined);
  assert.equal(cache.find('model', 'text 10'), undefined);
  await cache.close();
});

test('a record torn by a crash is dropped, and what is saved after it is kept', async () => {
  const path = join(folder, 'torn');
  await fill(path, 10);
  const { length } = await readFile(path);
  for (const cut of [1, 11, 40, 51]) {
    await fill(path, 10);
    await truncate(path, length - cut);
    assert.deepEqual(await contents(path), [9, undefined]);
  }
  await fill(path, 10);
  assert.deepEqual((await contents(path))[1], vectorOf(9));
});

test('bytes that are no record end what is read', async () => {
  const path = join(folder, 'damaged');
  await fill(path, 10);
  const bytes = await readFile(path);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(path, bytes);
  assert.deepEqual(await contents(path), [9, undefined]);
  await appendFile(path, Buffer.alloc(3, 255));
  assert.deepEqual(await contents(path), [9, undefined]);
});
