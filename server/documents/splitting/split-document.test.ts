import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadWordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import { splitDocument } from './split-document.ts';

const tokenizer = await loadWordPieceTokenizer(join(import.meta.dirname, '../../../models/all-MiniLM-L6-v2'));
const text = `${'Parents may take leave for up to three months. '.repeat(100)}\n\n`.repeat(3);

test('a document becomes chunks, passages and a prefix from its name', () => {
  const { chunks, passages, sections } = splitDocument(
    { text, blocks: [], filename: 'employee_handbook.txt' },
    { chunkSize: 512, chunkOverlap: 50, tokenizer },
  );
  assert.deepEqual(sections, [{ headings: [], prefix: 'employee handbook. ' }]);
  assert.ok(chunks.length >= 6 && chunks.every(chunk => chunk.tokenCount <= 512));
  assert.ok(passages.length >= 15 && passages.every(passage => passage.pieceCount <= 200));
  assert.equal(passages.at(-1)?.end, text.length);
});

test('passages are smaller for a model that reads less', () => {
  const { passages } = splitDocument(
    { text, blocks: [], filename: '' },
    { chunkSize: 512, chunkOverlap: 50, tokenizer: { ...tokenizer, maxPieces: 128 } },
  );
  assert.ok(passages.every(passage => passage.pieceCount <= 128 - 48 - 2));
});
