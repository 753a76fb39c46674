import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadWordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import type { Block } from '../reading/parsed-document.ts';
import { type PlacedPassage, splitIntoPassages } from './split-into-passages.ts';

const { count: countPieces } = await loadWordPieceTokenizer(
  join(import.meta.dirname, '../../../models/all-MiniLM-L6-v2'),
);

type Part = { kind: Block['kind'] | 'text'; level?: number; content: string; glue: string };
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
  .filter(content => /\p{L}/u.test(content));
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
