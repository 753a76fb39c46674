import assert from 'node:assert/strict';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { loadWordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import { DocumentError } from '../../errors.ts';
import { createDocumentReader } from './document-reader.ts';
import { readDocument } from './read-document.ts';

const modelFolder = join(import.meta.dirname, '../../../models/all-MiniLM-L6-v2');
const chunking = { chunkSize: 512, chunkOverlap: 50, maxTextBytes: 50_000_000 };
const options = { ...chunking, modelFolder, threads: 1, timeoutMs: 60_000, maxHeapMb: 512 };
const text = `${'Parents may take leave for up to three months. '.repeat(50)}\n\n`.repeat(20);
/** Anew each time: its bytes go to the worker. */
const file = (content = text) => ({ filename: 'handbook.txt', bytes: new TextEncoder().encode(content) });
const never = new AbortController().signal;

test('the worker reads as the function does, and files wait for each other', async t => {
  const reader = createDocumentReader(options);
  t.after(() => reader.close());
  const tokenizer = await loadWordPieceTokenizer(modelFolder);
  const [long, short] = await Promise.all([
    reader.read(file(), never),
    reader.read(file('One line.'), never),
  ]);
  assert.deepEqual(long, await readDocument(file(), { ...chunking, tokenizer }));
  assert.deepEqual([...short.passages], [0, 9, 0, 0]);
  assert.equal(Buffer.from(short.units.buffer).toString('utf16le'), 'One line.');
});

test('reading does not hold up the event loop', async t => {
  const reader = createDocumentReader(options);
  t.after(() => reader.close());
  await reader.read(file(), never);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const large = file(text.repeat(60));
  delay.enable();
  const startedAt = performance.now();
  await reader.read(large, never);
  const tookMs = performance.now() - startedAt;
  delay.disable();
  assert.ok(delay.max / 1e6 < tookMs / 2, `${delay.max / 1e6} ms of ${tookMs}`);
});

test('a worker out of memory refuses that file only, also with others waiting', {
  timeout: 60_000,
}, async t => {
  const reader = createDocumentReader({ ...options, maxHeapMb: 96 });
  t.after(() => reader.close());
  const sentences = Array.from({ length: 400_000 }, (_, i) => `Word ${i}.`).join('\n');
  const [before, hopeless, after] = await Promise.allSettled([
    reader.read(file(), never),
    reader.read(file(sentences), never),
    reader.read(file(), never),
  ]);
  assert.equal(before.status, 'fulfilled');
  assert.equal(hopeless.status, 'rejected');
  assert.ok(hopeless.reason instanceof DocumentError);
  assert.equal(hopeless.reason.code, 'document_too_complex');
  assert.match(hopeless.reason.message, /96 MB.*READING_MEMORY_MB/);
  assert.equal(after.status, 'fulfilled');
  assert.deepEqual(after.value, before.value);
});

test('large files wait for each other, small ones do not wait for them, and who waits may leave', {
  timeout: 60_000,
}, async t => {
  const reader = createDocumentReader({ ...options, threads: 3 });
  t.after(() => reader.close());
  const leaving = new AbortController();
  const [running, waiting] = [file(text.repeat(60)), file(text.repeat(60))];
  const read = reader.read(running, never);
  const left = assert.rejects(reader.read(waiting, leaving.signal), /gone/);
  await reader.read(file(), never);
  assert.equal(running.bytes.length, 0, 'its bytes have gone to a thread');
  assert.notEqual(waiting.bytes.length, 0);
  leaving.abort(new Error('gone'));
  await left;
  await read;
  await reader.read(file(text.repeat(30)), never);
});

test('a file that takes too long is refused, and the next one is read', { timeout: 60_000 }, async t => {
  const reader = createDocumentReader({ ...options, timeoutMs: 4_000 });
  t.after(() => reader.close());
  const [slow, after] = await Promise.allSettled([
    reader.read(file(text.repeat(800)), never),
    reader.read(file('Quick.'), never),
  ]);
  assert.equal(slow.status, 'rejected');
  assert.equal(slow.reason.code, 'document_too_complex');
  assert.match(slow.reason.message, /longer than 4 seconds/);
  assert.equal(after.status, 'fulfilled');
});

test('refusals come with their code, sentence and extra fields', async t => {
  const reader = createDocumentReader({ ...options, maxTextBytes: 20 });
  t.after(() => reader.close());
  const rejects = (content: Uint8Array<ArrayBuffer>, expected: object) =>
    assert.rejects(reader.read({ filename: 'a.txt', bytes: content }, never), (error: unknown) => {
      assert.ok(error instanceof DocumentError);
      assert.deepEqual({ code: error.code, extra: error.extra }, expected);
      return true;
    });
  await rejects(Uint8Array.of(0x61, 0xff, 0x62), { code: 'document_not_utf8', extra: { byte: 1 } });
  const longer = new TextEncoder().encode('Longer than twenty bytes.');
  await rejects(longer, { code: 'text_too_large', extra: { most_bytes: 20 } });
});

test('closing rejects what runs and what waits', { timeout: 20_000 }, async () => {
  const reader = createDocumentReader(options);
  await reader.read(file(), never);
  const running = reader.read(file(text.repeat(200)), never);
  const waiting = reader.read(file(), never);
  await setTimeout(50);
  const rejected = Promise.all([assert.rejects(running), assert.rejects(waiting)]);
  await reader.close();
  await rejected;
  await assert.rejects(reader.read(file(), never));
});

test('a model folder that is missing rejects the file with the reason', async t => {
  const reader = createDocumentReader({ ...options, modelFolder: '/nowhere' });
  t.after(() => reader.close());
  await assert.rejects(reader.read(file(), never), /ENOENT/);
});
