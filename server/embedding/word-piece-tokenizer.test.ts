import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { z } from 'zod';
import { loadWordPieceTokenizer } from './word-piece-tokenizer.ts';

const modelFolder = join(import.meta.dirname, '../../models/all-MiniLM-L6-v2');
const readModelFile = async (name: string) => JSON.parse(await readFile(join(modelFolder, name), 'utf8'));
const tokenizer = await loadWordPieceTokenizer(modelFolder);
const library = new Tokenizer(
  await readModelFile('tokenizer.json'),
  await readModelFile('tokenizer_config.json'),
);

test('token ids equal the golden ones', async () => {
  const golden = z
    .array(z.object({ text: z.string(), token_ids: z.array(z.number()) }))
    .parse(await readModelFile('golden.json'));
  assert.ok(golden.length >= 12);
  for (const { text, token_ids } of golden) assert.deepEqual(tokenizer.encode(text), token_ids);
});

test('a text too long for the model is cut to 256 ids, but counted whole', () => {
  assert.equal(tokenizer.maxPieces, 256);
  const ids = tokenizer.encode('word '.repeat(1000));
  assert.equal(ids.length, 256);
  assert.equal(ids[0], 101);
  assert.equal(ids.at(-1), 102);
  assert.equal(tokenizer.count('word '.repeat(1000)), 1000);
  assert.equal(tokenizer.encode('word '.repeat(253)).length, 255);
  assert.equal(tokenizer.encode('word '.repeat(254)).length, 256);
});

const fragments = fc.constantFrom(
  ...[
    'word',
    'Ünïcödé',
    ' ',
    '\n',
    '\t',
    '\u000b',
    '\u000c',
    '\u0085',
    '\ufeff',
    '\u00a0',
    '\u2028',
    '\u3000',
  ],
  ...[
    '检索',
    '豈',
    '𠀀',
    '한국어',
    'ไทย',
    'ΑΣ',
    'Σ',
    '.',
    '’s',
    "don't",
    '[CLS]',
    '[SEP',
    '[UNK]',
    '##ing',
    'e\u0301',
  ],
  ...[
    '👩‍👩‍👧',
    '\u200b',
    '\u00ad',
    'x'.repeat(99),
    'y'.repeat(101),
    '𝒳'.repeat(60),
    'antidisestablishment',
    '\u0000',
    'İ',
  ],
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60, size: 'max' }),
  fc.string({ unit: 'grapheme', maxLength: 60, size: 'max' }),
  fc.array(fragments, { maxLength: 20, size: 'max' }).map(parts => parts.join('')),
);

test('ids and counts equal those of the library for any text', () => {
  const compare = (text: string) => {
    const expected = library.encode(text, { add_special_tokens: false }).ids;
    assert.equal(tokenizer.count(text), expected.length);
    assert.deepEqual(tokenizer.encode(text), [101, ...expected.slice(0, 254), 102]);
  };
  fc.assert(fc.property(texts, compare), { numRuns: 3000 });
});

test('counting is fast on words that are no words', { timeout: 10_000 }, () => {
  const words = Array.from({ length: 5000 }, (_, i) => `${(i * 7919).toString(2)}zq`.padStart(98, 'x')).join(
    ' ',
  );
  const startedAt = performance.now();
  assert.ok(tokenizer.count(words) > 5000);
  assert.ok(performance.now() - startedAt < 3000);
});

test('the length a model was trained with is read from sentence_bert_config.json', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    await writeFile(join(folder, name), await readFile(join(modelFolder, name)));
  await writeFile(join(folder, 'sentence_bert_config.json'), '{"max_seq_length": 128}');
  const short = await loadWordPieceTokenizer(folder);
  assert.equal(short.maxPieces, 128);
  assert.equal(short.encode('word '.repeat(200)).length, 128);
});

test('another kind of tokenizer is refused by name', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'tokenizer.json'), '{"model": {"type": "Unigram"}}');
  await assert.rejects(loadWordPieceTokenizer(folder), /not a BERT tokenizer/);
});
