import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadWordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import type { Block } from '../reading/parsed-document.ts';
import { headingPath } from './outline-node.ts';
import { type PlacedPassage, splitIntoPassages } from './split-into-passages.ts';

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

const kinds = ['paragraph', 'list-item', 'code', 'table-row', 'text', 'text'] as const;
const sentences = fc
  .array(
    fc.constantFrom('A sentence here.', 'one, two', 'x = 1;\n', '\n\n', 'Dr. No', '检索增强。', '- b', '🙂'),
    {
      minLength: 1,
      maxLength: 30,
      size: 'max',
    },
  )
  .map(all => all.join(' ').trim())
  .filter(content => content !== '');
/** Never more than half a passage. */
const title = fc.array(fc.constantFrom('Leave', 'of', '检索', 'absence'), { minLength: 1, maxLength: 8 });
const anyPart: fc.Arbitrary<Part> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom(...kinds), content: sentences, glue: glue() }) },
  fc.record({
    kind: fc.constantFrom('heading' as const, 'table-header' as const),
    level: fc.integer({ min: 1, max: 4 }),
    content: title.map(all => all.join(' ')),
    glue: glue(),
  }),
);
function glue() {
  return fc.constantFrom('\n', '\n\n');
}
const limits = fc.record({
  maxPieces: fc.integer({ min: 40, max: 120 }),
  maxCharacters: fc.integer({ min: 160, max: 900 }),
});

function assertPartition(
  text: string,
  passages: PlacedPassage[],
  maxPieces: number,
  maxCharacters: number,
): void {
  let at = 0;
  for (const { start, end, pieceCount } of passages) {
    const slice = text.slice(start, end);
    assert.equal(start, at);
    assert.ok(end > start && slice.isWellFormed());
    assert.equal(pieceCount, countPieces(slice));
    const isOneCodePoint = [...slice.trim()].length === 1;
    assert.ok((pieceCount <= maxPieces && slice.trim().length <= maxCharacters) || isOneCodePoint);
    at = end;
  }
  assert.equal(at, text.length);
}

/** The titles (headings and header rows) right before a block, and the block itself. */
function withTitles(blocks: Block[], index: number, text: string): { start: number; end: number } {
  let start = blocks[index]?.start ?? 0;
  for (let before = index - 1; before >= 0; before--) {
    const block = blocks[before];
    if (!block || !isTitle(blocks, before, text) || text.slice(block.end, start).trim() !== '') break;
    start = block.start;
  }
  return { start, end: blocks[index]?.end ?? 0 };
}

/** A header row counts as one only when rows follow. */
function isTitle(blocks: Block[], index: number, text: string): boolean {
  const [block, next] = [blocks[index], blocks[index + 1]];
  if (block?.kind !== 'table-header') return block?.kind === 'heading';
  const hasRows = next?.kind === 'table-row' || next?.kind === 'table-header';
  return hasRows && text.slice(block.end, next.start).trim() === '';
}

test('blocks that fit are whole, titles go with what follows, sections do not mix', () => {
  fc.assert(
    fc.property(
      fc.array(anyPart, { maxLength: 25, size: 'max' }),
      limits,
      (parts, { maxPieces, maxCharacters }) => {
        const { text, blocks } = write(parts);
        const passages = splitIntoPassages(text, blocks, { maxPieces, maxCharacters, countPieces });
        assertPartition(text, passages, maxPieces, maxCharacters);
        const fits = (start: number, end: number, share = 1) =>
          countPieces(text.slice(start, end)) <= maxPieces * share && end - start <= maxCharacters * share;
        const isCut = (start: number, end: number) =>
          passages.some(passage => passage.start > start && passage.start < end);

        let path: { level: number; start: number }[] = [];
        for (const [index, block] of blocks.entries()) {
          const titled = withTitles(blocks, index, text);
          if (block.kind === 'heading') {
            path = [
              ...path.filter(one => one.level < block.level),
              { level: block.level, start: block.start },
            ];
          }
          if (isTitle(blocks, index, text)) {
            const hasMore = text.slice(block.end).trim() !== '';
            const isLast = passages.some(
              ({ start, end }) => text.slice(start, end).trimEnd().length + start === block.end,
            );
            if (hasMore && fits(titled.start, block.end, 1 / 2))
              assert.ok(!isLast, 'a passage ends with a title');
            continue;
          }
          if (block.kind !== 'paragraph' && fits(titled.start, titled.end))
            assert.ok(!isCut(block.start, block.end), `a ${block.kind} was cut`);
          for (const { start, end, place } of passages)
            if (start < block.end && end > block.start)
              assert.ok(
                place.section.depth <= path.length,
                'a passage stands under a heading that is not above it',
              );
        }
        for (const section of sectionsOf(text, blocks)) {
          if (fits(section.start, section.end))
            assert.ok(!isCut(section.start, section.end), 'a section was cut');
          const inside = passages.filter(({ start, end }) => start < section.end && end > section.start);
          if (inside.length > 1)
            assert.ok(
              inside.every(
                ({ start, end }) => start >= section.start && text.slice(section.end, end).trim() === '',
              ),
              'sections mix',
            );
        }
      },
    ),
    { numRuns: 3000 },
  );
});

/** From the first heading of a row of headings to the last character before the next; without white space. */
function sectionsOf(text: string, blocks: Block[]): { start: number; end: number }[] {
  const starts = blocks
    .filter((block, index) => block.kind === 'heading' && !followsHeading(blocks, index, text))
    .map(block => block.start);
  return starts.map((start, index) => ({
    start,
    end: start + text.slice(start, starts[index + 1]).trimEnd().length,
  }));
}

function followsHeading(blocks: Block[], index: number, text: string): boolean {
  const before = blocks[index - 1];
  if (!before || text.slice(before.end, blocks[index]?.start).trim() !== '') return false;
  return (
    isTitle(blocks, index - 1, text) && (before.kind === 'heading' || followsHeading(blocks, index - 1, text))
  );
}

test('passages are sound whatever a parser says', () => {
  const text = 'One 😀 sentence. And\n\nanother one, with words; of some kinds.\n- an item\n'.repeat(3);
  const offset = fc.nat({ max: text.length + 5 }).filter(at => text.slice(0, at).isWellFormed());
  const block = fc.record({
    kind: fc.constantFrom('heading' as const, 'code' as const, 'table-header' as const, 'table-row' as const),
    level: fc.integer({ min: -1, max: 9 }),
    start: offset,
    end: offset,
  });
  fc.assert(
    fc.property(fc.array(block, { maxLength: 12 }), limits, (blocks, { maxPieces, maxCharacters }) => {
      const passages = splitIntoPassages(text, blocks, { maxPieces, maxCharacters, countPieces });
      assertPartition(text, passages, maxPieces, maxCharacters);
    }),
    { numRuns: 2000 },
  );
});
