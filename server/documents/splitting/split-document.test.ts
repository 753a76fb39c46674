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

const options = { chunkSize: 512, chunkOverlap: 50, tokenizer };

test('every passage knows its section, whose prefix leads to it', () => {
  const leave = '# Leave\n\n';
  const pay = '## Pay\n\n';
  const heading = (level: number, start: number, line: string) =>
    ({ kind: 'heading', level, start, end: start + line.trimEnd().length }) as const;
  const { passages, sections } = splitDocument(
    {
      text: leave + text + pay + text,
      blocks: [heading(1, 0, leave), heading(2, leave.length + text.length, pay)],
      title: 'Our handbook',
      filename: 'handbook-v2.md',
    },
    options,
  );
  assert.deepEqual(sections, [
    { headings: ['Leave'], prefix: 'handbook v2. Our handbook. Leave. ' },
    { headings: ['Leave', 'Pay'], prefix: 'handbook v2. Our handbook. Leave. Pay. ' },
  ]);
  const second = passages.findIndex(passage => passage.section === 1);
  assert.equal(passages[second]?.start, leave.length + text.length);
  assert.ok(passages.every(({ section }, index) => section === (index < second ? 0 : 1)));
});

test('a passage in the middle of a table is led to by its columns', () => {
  const rows = Array.from({ length: 60 }, (_, index) => `Grade ${index} | ${index * 100}`);
  const { text, blocks } = table(['Grade | Euro', ...rows]);
  const { passages, sections } = splitDocument({ text, blocks, filename: 'pay.docx' }, options);
  assert.deepEqual(
    sections.map(({ prefix }) => prefix),
    ['pay. ', 'pay. Grade, Euro. '],
  );
  assert.deepEqual(
    passages.map(({ section }) => section),
    [0, ...Array(passages.length - 1).fill(1)],
  );
});

function table(lines: string[]) {
  let start = 0;
  const blocks = lines.map((line, index) => {
    const block = {
      kind: index === 0 ? 'table-header' : 'table-row',
      start,
      end: start + line.length,
    } as const;
    start += line.length + 1;
    return block;
  });
  return { text: lines.join('\n'), blocks };
}

test('time grows with the number of blocks, not with its square', { timeout: 60_000 }, () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => `Heading ${index % 99}`);
  const headings = (every: number) =>
    table(lines).blocks.map((block, index) =>
      index % every === 0 ? ({ ...block, kind: 'heading', level: (index % 7) + 1 } as const) : block,
    );
  const rows = table(['Name | Born', ...Array(200_000).fill('Maria Example | 1999')]);
  for (const document of [
    { text: lines.join('\n'), blocks: headings(1) },
    { text: lines.join('\n'), blocks: headings(2) },
    rows,
  ]) {
    const startedAt = performance.now();
    const { passages, sections } = splitDocument({ ...document, filename: 'a.md' }, options);
    assert.ok(performance.now() - startedAt < 10_000);
    assert.equal(passages.at(-1)?.end, document.text.length);
    assert.ok(passages.every(({ section }) => sections[section]));
  }
});
