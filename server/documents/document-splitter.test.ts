import assert from 'node:assert/strict';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { loadWordPieceTokenizer } from '../embedding/word-piece-tokenizer.ts';
import { createDocumentSplitter } from './document-splitter.ts';
import { splitDocument } from './splitting/split-document.ts';

const modelFolder = join(import.meta.dirname, '../../models/all-MiniLM-L6-v2');
const options = { modelFolder, chunkSize: 512, chunkOverlap: 50 };
const text = `${'Parents may take leave for up to three months. '.repeat(50)}\n\n`.repeat(20);
const document = { text, filename: 'handbook.txt' };

test('the worker splits as the function does, and documents wait for each other', async t => {
  const splitter = createDocumentSplitter(options);
  t.after(() => splitter.close());
  const tokenizer = await loadWordPieceTokenizer(modelFolder);
  const results = await Promise.all([
    splitter.split(document),
    splitter.split({ text: '', filename: 'b.md' }),
  ]);
  assert.deepEqual(results, [
    splitDocument(document, { ...options, tokenizer }),
    { chunks: [], passages: [], prefix: 'b. ' },
  ]);
});

test('splitting does not hold up the event loop', async t => {
  const splitter = createDocumentSplitter(options);
  t.after(() => splitter.close());
  await splitter.split(document);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startedAt = performance.now();
  await splitter.split({ ...document, text: text.repeat(60) });
  const tookMs = performance.now() - startedAt;
  delay.disable();
  assert.ok(delay.max / 1e6 < tookMs / 2, `${delay.max / 1e6} ms of ${tookMs}`);
});

test('a worker out of memory rejects that split only, also with others waiting', {
  timeout: 60_000,
}, async t => {
  const splitter = createDocumentSplitter({ ...options, maxHeapMb: 48 });
  t.after(() => splitter.close());
  const sentences = Array.from({ length: 400_000 }, (_, i) => `Word ${i}.`).join('\n');
  const [before, hopeless, after] = await Promise.allSettled([
    splitter.split(document),
    splitter.split({ text: sentences, filename: 'big.txt' }),
    splitter.split(document),
  ]);
  assert.equal(before.status, 'fulfilled');
  assert.equal(hopeless.status, 'rejected');
  assert.equal(hopeless.reason.code, 'ERR_WORKER_OUT_OF_MEMORY');
  assert.equal(after.status, 'fulfilled');
  assert.deepEqual(await splitter.split(document), before.value);
});

test('closing rejects what runs and what waits', { timeout: 20_000 }, async () => {
  const splitter = createDocumentSplitter(options);
  await splitter.split(document);
  const running = splitter.split({ ...document, text: text.repeat(200) });
  const waiting = splitter.split(document);
  await setTimeout(50);
  const rejected = Promise.all([assert.rejects(running), assert.rejects(waiting)]);
  await splitter.close();
  await rejected;
  await assert.rejects(splitter.split(document));
});

test('a model folder that is missing rejects the split with the reason', async t => {
  const splitter = createDocumentSplitter({ ...options, modelFolder: '/nowhere' });
  t.after(() => splitter.close());
  await assert.rejects(splitter.split(document), /ENOENT/);
});
