import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countTokens } from '../../language-model/gpt2-tokens.ts';
import { chunkBoundaries } from './chunk-boundaries.ts';
import { type Chunk, chunkText } from './chunk-text.ts';

const slices = (text: string, chunkSize: number, chunkOverlap: number) =>
  chunkText(text, { chunkSize, chunkOverlap }).map(({ start, end }) => text.slice(start, end));

test('a short text is one chunk without the white space around it', () => {
  const text = '\n  Hello world.\n';
  assert.deepEqual(chunkText(text, { chunkSize: 512, chunkOverlap: 50 }), [
    { start: 3, end: 15, tokenCount: 3 },
  ]);
  assert.deepEqual(slices(' \n\t ', 512, 50), []);
  assert.deepEqual(slices('', 512, 50), []);
});

test('the coarsest separator that makes pieces small enough is used', () => {
  assert.deepEqual(slices('One two three.\n\nFour five six.\n\nSeven eight.', 8, 0), [
    'One two three.',
    'Four five six.',
    'Seven eight.',
  ]);
  assert.deepEqual(slices('One two\nthree four\nfive six', 4, 0), ['One two', 'three four', 'five six']);
  assert.deepEqual(slices('One two. Three four? Five six! Seven', 3, 0), [
    'One two.',
    'Three four?',
    'Five six!',
    'Seven',
  ]);
  assert.deepEqual(slices('one two three four', 2, 0), ['one two', 'three four']);
});

test('pieces are merged up to the size, and the overlap comes again', () => {
  assert.deepEqual(slices('one two three four five six', 4, 2), [
    'one two three four',
    'three four five six',
  ]);
  assert.deepEqual(slices('one two three four five six', 4, 0), ['one two three four', 'five six']);
});

test('what is too long is split on its own, without overlap to its neighbours', () => {
  assert.deepEqual(slices('Heading\n\none two three four five six\n\nEnd', 3, 1), [
    'Heading',
    'one two',
    'two three four',
    'four five six',
    'End',
  ]);
});

test('a word that takes more tokens without its space does not make a chunk too long', () => {
  // " banana" is one token, "banana" two.
  assert.deepEqual(slices('a banana fell', 2, 0), ['a banana', 'fell']);
  assert.deepEqual(slices('a, b. banana fell', 4, 0), ['a, b.', 'banana fell']);
  const text = 'a banana banana banana';
  assertSound(text, chunkText(text, { chunkSize: 2, chunkOverlap: 0 }), 2);
  assertSound(text, chunkText(text, { chunkSize: 1, chunkOverlap: 0 }), 1);
});

test('a word without separators is cut between code points', () => {
  assert.deepEqual(slices('abcdef', 1, 0).join(''), 'abcdef');
  assert.equal(slices('😀😀', 1, 0).length, 2);
});

const separatorSoup = fc
  .array(
    fc.constantFrom(
      ...[
        '\n\n',
        '\n',
        '. ',
        '? ',
        '! ',
        ' ',
        '  ',
        '\t',
        '\r\n',
        'word',
        'Supercalifragilistic',
        "'s",
        '检索',
        '。',
      ],
      ...[
        '👩‍👩‍👧',
        'e\u0301',
        '\u00a0',
        '\ufeff',
        '====',
        '12345',
        'a'.repeat(40),
        '😀',
        '<|endoftext|>',
        '\u3000',
      ],
    ),
    { maxLength: 120, size: 'max' },
  )
  .map(parts => parts.join(''));
const anyText = fc.oneof(
  separatorSoup,
  fc.string({ unit: 'binary', maxLength: 200, size: 'max' }),
  fc.string({ unit: 'grapheme', maxLength: 200, size: 'max' }),
  fc.string({ unit: fc.constantFrom(' ', '\n', 'a', '\u2028'), maxLength: 200, size: 'max' }),
);
const anyOptions = fc
  .record({ chunkSize: fc.integer({ min: 1, max: 60 }), overlap: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ chunkSize, overlap }) => ({ chunkSize, chunkOverlap: Math.floor(overlap * chunkSize) }));

function assertSound(text: string, chunks: Chunk[], chunkSize: number): void {
  let covered = 0;
  let last: Chunk | undefined;
  for (const chunk of chunks) {
    const slice = text.slice(chunk.start, chunk.end);
    assert.notEqual(slice, '');
    assert.equal(slice, slice.trim());
    assert.ok(slice.isWellFormed(), 'a surrogate pair was split');
    assert.equal(chunk.tokenCount, countTokens(slice));
    assert.ok(chunk.tokenCount <= chunkSize || [...slice].length === 1, `${chunk.tokenCount} tokens`);
    assert.ok(!last || (chunk.start > last.start && chunk.end > last.end), 'starts and ends increase');
    assert.equal(text.slice(covered, Math.max(covered, chunk.start)).trim(), '', 'text was left out');
    covered = chunk.end;
    last = chunk;
  }
  assert.equal(text.slice(covered).trim(), '', 'the end was left out');
}

test('chunks of any text are sound', () => {
  fc.assert(
    fc.property(anyText, anyOptions, (text, options) => {
      assertSound(text, chunkText(text, options), options.chunkSize);
    }),
    { numRuns: 4000 },
  );
});

test('neighbours overlap by no more than asked for', () => {
  const words = fc.array(fc.constantFrom('one', 'house', 'Maria', 'green', '.', '\n', '\n\n', 'it?'), {
    minLength: 20,
    maxLength: 200,
    size: 'max',
  });
  fc.assert(
    fc.property(words, anyOptions, (parts, { chunkSize, chunkOverlap }) => {
      const text = parts.join(' ');
      const chunks = chunkText(text, { chunkSize, chunkOverlap });
      for (const [index, chunk] of chunks.entries()) {
        const before = chunks[index - 1];
        if (!before || before.end <= chunk.start) continue;
        // A first word that has lost its space may be a token more.
        assert.ok(countTokens(text.slice(chunk.start, before.end)) <= chunkOverlap + 2);
      }
    }),
    { numRuns: 500 },
  );
});

test('chunks of running text are full and do overlap', () => {
  const text = 'The quick brown fox jumps over the lazy dog and runs away from it. '.repeat(400);
  const chunks = chunkText(text, { chunkSize: 512, chunkOverlap: 50 });
  for (const [index, chunk] of chunks.slice(0, -1).entries()) {
    assert.ok(chunk.tokenCount > 480);
    const overlap = countTokens(text.slice(chunks[index + 1]?.start, chunk.end));
    assert.ok(overlap > 30 && overlap <= 50, `${overlap}`);
  }
});

test('time grows with the length, not with its square', { timeout: 20_000 }, () => {
  const million = 1_000_000;
  for (const text of [
    'Some words of a sentence. '.repeat(40_000),
    'words without end '.repeat(60_000),
    'a'.repeat(million),
    ' '.repeat(million),
    '\n'.repeat(million),
    '. '.repeat(million / 2),
    '检索增强生成'.repeat(50_000),
  ]) {
    const startedAt = performance.now();
    const chunks = chunkText(text, { chunkSize: 512, chunkOverlap: 50 });
    assert.ok(performance.now() - startedAt < 3000);
    assertSound(text, chunks, 512);
  }
});

test('chunks are sound whatever a parser says', () => {
  const anyBlocks = fc.array(
    fc.record({
      kind: fc.constantFrom(
        'heading' as const,
        'code' as const,
        'table-header' as const,
        'list-item' as const,
      ),
      level: fc.constant(1),
      start: fc.nat({ max: 200 }),
      length: fc.nat({ max: 60 }),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(separatorSoup, anyBlocks, anyOptions, (text, found, options) => {
      const blocks = found
        .map(({ length, ...block }) => ({ ...block, end: block.start + length }))
        .filter(({ start, end }) => [start, end].every(at => text.slice(0, at).isWellFormed()));
      const boundaries = chunkBoundaries(text, blocks, options.chunkSize);
      assertSound(text, chunkText(text, options, boundaries), options.chunkSize);
    }),
    { numRuns: 2000 },
  );
});
