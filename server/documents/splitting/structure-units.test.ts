import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadWordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import type { Block } from '../reading/parsed-document.ts';
import { headingPath } from './outline-node.ts';
import { splitIntoPassages } from './split-into-passages.ts';

const { count: countPieces } = await loadWordPieceTokenizer(
  join(import.meta.dirname, '../../../models/all-MiniLM-L6-v2'),
);
const defaults = { maxPieces: 200, maxCharacters: 2000, countPieces };

type Part = { kind: Block['kind'] | 'text'; level?: number; content: string; glue: string };
const part = (kind: Part['kind'], content: string, glue = '\n\n'): Part => ({ kind, content, glue });
const heading = (level: number, content: string): Part => ({ ...part('heading', content), level });

/** A sentence, a row or an item of exactly this many word pieces. */
const words = (pieces: number) => `The ${'word '.repeat(pieces - 3)}end.`;

function write(parts: Part[]): { text: string; blocks: Block[] } {
  let text = '';
  const blocks: Block[] = [];
  for (const { kind, level = 1, content, glue } of parts) {
    const range = { start: text.length, end: text.length + content.length };
    if (kind === 'heading') blocks.push({ kind, level, ...range });
    else if (kind !== 'text') blocks.push({ kind, ...range });
    text += content + glue;
  }
  return { text, blocks };
}

function split(parts: Part[], limits: Partial<typeof defaults> = {}) {
  const { text, blocks } = write(parts);
  return splitIntoPassages(text, blocks, { ...defaults, ...limits }).map(
    ({ start, end, pieceCount, place }) => ({
      text: text.slice(start, end).trim(),
      pieces: pieceCount,
      path: headingPath(place.section).join(' > '),
      header: place.tableHeader && text.slice(place.tableHeader.start, place.tableHeader.end),
    }),
  );
}
const piecesOf = (...parts: Part[]) => split(parts).map(passage => passage.pieces);
const pathsOf = (...parts: Part[]) => split(parts).map(passage => passage.path);

test('a section begins a passage and is known by its headings', () => {
  const parts = [
    part('paragraph', words(30)),
    heading(1, 'Leave'),
    part('paragraph', words(30)),
    heading(2, 'Parental leave'),
    part('text', words(190)),
    heading(1, 'Pay'),
    part('paragraph', words(30)),
  ];
  assert.deepEqual(pathsOf(...parts), ['', 'Leave', 'Leave > Parental leave', 'Pay']);
  assert.deepEqual(piecesOf(...parts), [30, 31, 192, 31]);
});

test('a section that fits stays whole, one that does not is evenly filled', () => {
  const paragraph = part('paragraph', `${words(50)} ${words(50)}`);
  assert.deepEqual(piecesOf(heading(1, 'Leave'), paragraph, part('paragraph', words(90))), [191]);
  assert.deepEqual(piecesOf(heading(1, 'Leave'), ...Array(3).fill(paragraph)), [101, 100, 100]);
});

test('tiny sections under one heading share a passage, which stands under that heading', () => {
  const entry = (level: number, name: string) => [heading(level, name), part('paragraph', words(13))];
  const glossary = [heading(1, 'Terms'), ...entry(2, 'Chunk'), ...entry(2, 'Passage'), ...entry(2, 'Token')];
  assert.deepEqual(pathsOf(...glossary), ['Terms', 'Terms > Token']);
  assert.deepEqual(pathsOf(...entry(1, 'One'), ...entry(2, 'Two')), ['One']);
  const chapters = [heading(1, 'Terms'), ...entry(2, 'Chunk'), ...entry(1, 'Rules')];
  assert.deepEqual(pathsOf(...chapters), ['Terms > Chunk', 'Rules']);
});

test('a heading goes with what follows, even where that must be cut for it', () => {
  const parts = [
    part('paragraph', words(120)),
    heading(1, 'Leave'),
    heading(2, 'Code'),
    part('code', words(199)),
  ];
  assert.deepEqual(pathsOf(...parts), ['', 'Leave > Code', 'Leave > Code']);
  assert.match(split(parts)[1]?.text ?? '', /^Leave\n\nCode\n\nThe word/);
  assert.deepEqual(pathsOf(heading(1, 'Leave'), part('text', words(30)), heading(1, 'Empty')), [
    'Leave',
    'Empty',
  ]);
  const long = split([heading(1, 'Leave of absence for parents'), part('text', '检索'.repeat(99))]);
  assert.match(long[0]?.text ?? '', /检/);
});

test('items stay whole, and what introduces a list stays with the first', () => {
  const list = [
    part('paragraph', `${words(120)} ${words(40)}`),
    ...Array.from({ length: 6 }, () => part('list-item', `- ${words(19)} ${words(10)}`, '\n')),
  ];
  const passages = split(list);
  assert.deepEqual(
    passages.map(passage => passage.pieces),
    [190, 150],
  );
  assert.ok(passages.every(passage => passage.text.endsWith('end.')));
});

test('code is cut at blank lines, else at lines', () => {
  const lines = (count: number) => Array(count).fill(words(20)).join('\n');
  const code = (...parts: number[]) => piecesOf(part('code', parts.map(lines).join('\n\n')));
  assert.deepEqual(code(9), [180]);
  assert.deepEqual(code(5, 7), [100, 140]);
  assert.deepEqual(code(15), [160, 140]);
});

test('rows stay whole; a passage in the middle of a table knows its header', () => {
  const header = part('table-header', 'Grade | Euro', '\n');
  const row = part('table-row', words(60).replace('.', ' |'), '\n');
  const passages = split([heading(1, 'Pay'), header, ...Array(6).fill(row), part('paragraph', words(150))]);
  assert.deepEqual(
    passages.map(passage => passage.header),
    [undefined, 'Grade | Euro', undefined],
  );
});
