import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import type { Embedder } from '../server/embedding/embedder.ts';
import { createOnnxEmbedder } from '../server/embedding/onnx-embedder.ts';
import { StartError } from '../server/errors.ts';

const modelFolder = resolve(import.meta.dirname, '../models/all-MiniLM-L6-v2');
const golden = z
  .array(z.object({ text: z.string(), embedding: z.array(z.number()) }))
  .parse(JSON.parse(await readFile(join(modelFolder, 'golden.json'), 'utf8')));

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

describe('the embedding model', () => {
  let embedder: Embedder;
  before(async () => {
    embedder = await createOnnxEmbedder({ modelFolder, workers: 1 });
  });
  after(() => embedder.close());

  test('comes near to the vectors of the original model, each of unit length', async () => {
    assert.ok(golden.length >= 10);
    const vectors = await embedder.embedPassages(golden.map(({ text }) => text));
    for (const [index, { text, embedding }] of golden.entries()) {
      const vector = vectors[index] ?? new Float32Array();
      assert.equal(vector.length, embedder.dimensions);
      assert.ok(Math.abs(cosine(vector, vector) - 1) < 1e-4);
      assert.ok(cosine(vector, embedding) >= 0.98, `${cosine(vector, embedding)}: ${text.slice(0, 60)}`);
    }
  });

  test('gives a text the same vector alone, as a question and among others', async () => {
    const text = 'The same words.';
    const alone = await embedder.embedQuestion(text);
    const others = golden.map(one => one.text);
    const [among, ...rest] = await Promise.all([
      embedder.embedPassages([...others, text]).then(vectors => vectors.at(-1)),
      embedder.embedQuestion(text),
      embedder.embedPassages([text, ...others]).then(vectors => vectors[0]),
    ]);
    for (const vector of [among, ...rest]) assert.deepEqual(vector, alone);
  });

  test('a question overtakes the passages that wait', async () => {
    const order: string[] = [];
    const passages = embedder.embedPassages(Array.from({ length: 40 }, (_, index) => `Passage ${index}.`));
    const counted = passages.then(() => order.push('passages'));
    const question = embedder.embedQuestion('A question?').then(() => order.push('question'));
    await Promise.all([counted, question]);
    assert.deepEqual(order, ['question', 'passages']);
  });
});

describe('a wrong model folder', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lectern-test-model-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const refuses = async (change: (copy: string) => Promise<void>, pattern: RegExp) => {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(modelFolder, copy, { recursive: true });
    await change(copy);
    await assert.rejects(
      createOnnxEmbedder({ modelFolder: copy, workers: 1 }),
      error => error instanceof StartError && pattern.test(error.message),
    );
  };

  test('with one byte of the weights changed is refused, naming the file', () =>
    refuses(async copy => {
      const file = join(copy, 'model_int8.onnx');
      const bytes = await readFile(file);
      bytes[1_000_000] = (bytes[1_000_000] ?? 0) ^ 1;
      await writeFile(file, bytes);
    }, /model_int8\.onnx has sha256 .*expected/));

  test('with another tokenizer is refused, naming the file', () =>
    refuses(copy => writeFile(join(copy, 'tokenizer.json'), '{}'), /tokenizer\.json has sha256/));

  test('without weights is refused, saying where to get them', () =>
    refuses(copy => rm(join(copy, 'model_int8.onnx')), /no embedding model .*git checkout models/));
});
