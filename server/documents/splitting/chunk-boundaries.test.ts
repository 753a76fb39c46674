import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block } from '../reading/parsed-document.ts';
import { chunkBoundaries } from './chunk-boundaries.ts';
import { chunkText } from './chunk-text.ts';

/** Lines of a document; what begins with # is a heading, with > code, which may go on after a line break. */
function withBlocks(...paragraphs: string[]): { text: string; blocks: Block[] } {
  let start = 0;
  const blocks: Block[] = [];
  for (const paragraph of paragraphs) {
    const range = { start, end: start + paragraph.length };
    if (paragraph.startsWith('#')) blocks.push({ kind: 'heading', level: 1, ...range });
    if (paragraph.startsWith('>')) blocks.push({ kind: 'code', ...range });
    start += paragraph.length + 2;
  }
  return { text: paragraphs.join('\n\n'), blocks };
}

function structuredSlices(chunkSize: number, ...paragraphs: string[]): string[] {
  const { text, blocks } = withBlocks(...paragraphs);
  const chunks = chunkText(text, { chunkSize, chunkOverlap: 0 }, chunkBoundaries(text, blocks, chunkSize));
  return chunks.map(({ start, end }) => text.slice(start, end));
}

test('sections are put together while they fit, and cut where they begin', () => {
  assert.deepEqual(structuredSlices(12, '# One', 'a b c', '# Two', 'd e f', 'g h i'), [
    '# One\n\na b c',
    '# Two\n\nd e f\n\ng h i',
  ]);
  assert.deepEqual(structuredSlices(20, '# One', 'a b c', '# Two', 'd e f'), [
    '# One\n\na b c\n\n# Two\n\nd e f',
  ]);
});

test('a heading begins a chunk rather than ending one', () => {
  assert.deepEqual(structuredSlices(9, 'One two three.', '# Four', 'Five six seven.'), [
    'One two three.',
    '# Four\n\nFive six seven.',
  ]);
  assert.deepEqual(structuredSlices(11, '# One', '# Two', 'Three four.', 'Five six. Seven.'), [
    '# One\n\n# Two\n\nThree four.',
    'Five six. Seven.',
  ]);
  assert.deepEqual(structuredSlices(6, '# One', 'two three four five six seven'), [
    '# One\n\ntwo three',
    'four five six seven',
  ]);
});

test('code that fits in a chunk is not torn', () => {
  const code = '> one two\n\nthree four';
  assert.deepEqual(structuredSlices(9, 'Some words here', code, 'and an end'), [
    'Some words here',
    code,
    'and an end',
  ]);
  assert.deepEqual(structuredSlices(4, code), ['> one two', 'three four']);
});
