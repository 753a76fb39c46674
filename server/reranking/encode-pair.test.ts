import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadWordPieceTokenizer } from '../embedding/word-piece-tokenizer.ts';
import { createPairEncoder } from './encode-pair.ts';

const CLS = 101;
const SEP = 102;
const tokenizer = await loadWordPieceTokenizer(join(import.meta.dirname, '../../models/all-MiniLM-L6-v2'));

test('a pair is [CLS] question [SEP] text [SEP], with types that tell them apart', () => {
  const [hello, world] = tokenizer.ids('hello world');
  const { ids, typeIds } = createPairEncoder(tokenizer, 'hello', 512)('world hello');
  assert.deepEqual(ids, [CLS, hello, SEP, world, hello, SEP]);
  assert.deepEqual(typeIds, [0, 0, 0, 1, 1, 1]);
});

test('a long text is cut at its end, a long question leaves it half of the room', () => {
  const long = 'word '.repeat(5_000);
  const cutText = createPairEncoder(tokenizer, 'short question', 512)(long);
  assert.equal(cutText.ids.length, 512);
  assert.equal(cutText.ids.at(-1), SEP);
  assert.equal(cutText.typeIds.filter(type => type === 0).length, 4);

  const cutBoth = createPairEncoder(tokenizer, long, 512)(long);
  assert.equal(cutBoth.ids.length, 512);
  assert.equal(cutBoth.ids.indexOf(SEP), 255);
  assert.equal(cutBoth.ids.length, cutBoth.typeIds.length);
});

test('an empty text is a pair too', () => {
  assert.deepEqual(createPairEncoder(tokenizer, '', 512)(''), { ids: [CLS, SEP, SEP], typeIds: [0, 0, 1] });
});
