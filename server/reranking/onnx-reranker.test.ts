import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadWordPieceTokenizer } from '../embedding/word-piece-tokenizer.ts';
import { StartError } from '../errors.ts';
import { createOnnxReranker } from './onnx-reranker.ts';

const vendored = join(import.meta.dirname, '../../models/all-MiniLM-L6-v2');
const crossEncoders = join(import.meta.dirname, '../../tests/fakes/cross-encoders');

/** A model's folder as it comes from Hugging Face, the weights in `onnx/`. */
async function folderOf(context: TestContext, model: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reranker-'));
  context.after(() => rm(folder, { recursive: true }));
  for (const file of ['tokenizer.json', 'tokenizer_config.json', 'config.json'])
    await copyFile(join(vendored, file), join(folder, file));
  await mkdir(join(folder, 'onnx'));
  await copyFile(join(crossEncoders, `${model}.onnx`), join(folder, 'onnx/model.onnx'));
  return folder;
}

async function start(context: TestContext, model: string, workers = 1) {
  const modelFolder = await folderOf(context, model);
  const reranker = await createOnnxReranker({ modelFolder, loadTokenizer: loadWordPieceTokenizer, workers });
  context.after(() => reranker.close());
  return reranker;
}

const never = new AbortController().signal;
const question = 'who built the lighthouse';
const texts = ['nobody here', 'the lighthouse was built by whom', 'a lighthouse', ''];
/** Equal pairs of word pieces, the [SEP] of both included. */
const shared = [1, 4, 2, 1];

test('a cross-encoder scores question and text together, in the order of the texts', async context => {
  const reranker = await start(context, 'one-logit', 2);
  assert.deepEqual(await reranker.rerank(question, texts, never), shared);
  assert.match(reranker.modelName, /^reranker-.*@[0-9a-f]{12}$/);
  const long = `${'word '.repeat(600)}lighthouse`;
  assert.deepEqual(await reranker.rerank('lighthouse', [long], never), [1], 'cut before the word');
});

test('of two logits the score is how far the second is ahead', async context => {
  const reranker = await start(context, 'two-logits');
  assert.deepEqual(
    await reranker.rerank(question, texts, never),
    shared.map(score => 3 * score),
  );
});

test('a model that knows no types of tokens is not given any', async context => {
  const reranker = await start(context, 'without-types');
  // [CLS] 1 + two [SEP] 4 + two equal words 4.
  assert.deepEqual(await reranker.rerank('one', ['one'], never), [9]);
});

test('other kinds of models are refused at the start', async context => {
  const refused: Record<string, RegExp> = {
    'with-positions': /does not load: it wants an input called position_ids\. Check RERANKER_MODEL_PATH/,
    'three-logits': /does not load: it gives 3 numbers for a pair/,
  };
  for (const [model, message] of Object.entries(refused))
    await assert.rejects(start(context, model), startErrorWith(message));
  const modelFolder = await folderOf(context, 'one-logit');
  const options = { modelFolder, loadTokenizer: loadWordPieceTokenizer, workers: 1 };
  await writeFile(join(modelFolder, 'tokenizer.json'), '{"model": {"type": "Unigram"}}');
  await assert.rejects(createOnnxReranker(options), startErrorWith(/not a BERT tokenizer/));
  await rm(join(modelFolder, 'onnx'), { recursive: true });
  await assert.rejects(createOnnxReranker(options), startErrorWith(/There is no reranker in .*MODEL_PATH/));
});

const startErrorWith = (message: RegExp) => (error: unknown) =>
  error instanceof StartError && message.test(error.message);

/** A run of the slow model with two of these takes some 20 ms. */
const long = 'word '.repeat(500);

test('an aborted one rejects at once, leaves what is queued and works on', async context => {
  const reranker = await start(context, 'slow');
  const stop = new AbortController();
  const reranked = reranker.rerank(long, new Array<string>(400).fill(long), stop.signal);
  stop.abort(new Error('time is over'));
  const startedAt = performance.now();
  await assert.rejects(reranked, /time is over/);
  assert.deepEqual(await reranker.rerank(question, texts, never), shared);
  // 400 runs would take many times as long.
  assert.ok(performance.now() - startedAt < 2_000, `${performance.now() - startedAt} ms`);
  await assert.rejects(reranker.rerank(question, texts, AbortSignal.abort(new Error('before'))), /before/);
});

// A thread ended within the runtime's native code takes the process, and with it this test, along.
test('it can be closed at any moment of its work', { timeout: 60_000 }, async context => {
  for (const afterMs of [0, 5, 20, 50]) {
    const reranker = await start(context, 'slow', 2);
    const reranked = reranker.rerank(long, new Array<string>(400).fill(long), never);
    reranked.catch(() => {}); // Asserted below.
    await sleep(afterMs);
    await reranker.close();
    await assert.rejects(reranked);
  }
});
