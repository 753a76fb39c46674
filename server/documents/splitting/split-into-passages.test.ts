import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadWordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import { type Passage, splitIntoPassages } from './split-into-passages.ts';

const { count: countPieces } = await loadWordPieceTokenizer(
  join(import.meta.dirname, '../../../models/all-MiniLM-L6-v2'),
);
const defaults = { maxPieces: 200, maxCharacters: 2000, countPieces };
const split = (text: string, limits: Partial<typeof defaults> = {}) =>
  splitIntoPassages(text, [], { ...defaults, ...limits }).map(
    ({ start, end, pieceCount }): Passage => ({ start, end, pieceCount }),
  );
const piecesOf = (text: string, limits: Partial<typeof defaults> = {}) =>
  split(text, limits).map(passage => passage.pieceCount);

/** A sentence of exactly this many word pieces. */
const sentence = (pieces: number) => `The ${'word '.repeat(pieces - 3)}end. `;

test('a short text is one passage, white space included', () => {
  assert.deepEqual(split('  Hello world.\n'), [{ start: 0, end: 15, pieceCount: 3 }]);
  assert.deepEqual(split(' \n '), [{ start: 0, end: 3, pieceCount: 0 }]);
  assert.deepEqual(split(''), []);
});

test('a paragraph that is too long becomes evenly filled passages', () => {
  assert.deepEqual(piecesOf(sentence(15).repeat(14)), [105, 105]);
  assert.deepEqual(piecesOf(sentence(10).repeat(60)), [200, 200, 200]);
  assert.deepEqual(piecesOf(sentence(10).repeat(61)), [150, 150, 160, 150]);
});

test('a passage ends with its paragraph once half full', () => {
  const text = [sentence(60), sentence(60), sentence(150), sentence(40)].map(s => s.trim()).join('\n\n');
  assert.deepEqual(piecesOf(text), [120, 190]);
  assert.deepEqual(
    split(text).map(({ start, end }) => text.slice(start, end).endsWith('\n\n')),
    [true, false],
  );
});

test('short paragraphs are put together, a short one at the end joins the one before', () => {
  assert.deepEqual(piecesOf(Array(8).fill(sentence(30).trim()).join('\n\n')), [120, 120]);
  assert.deepEqual(piecesOf([sentence(120), sentence(20)].join('\n\n')), [140]);
  assert.deepEqual(piecesOf([sentence(190), sentence(20)].join('\n\n')), [190, 20]);
});

test('a heading stays with what follows', () => {
  const text = `${sentence(110)}\n\nParental leave\n\n${sentence(180)}`;
  const passages = split(text);
  assert.equal(passages.length, 2);
  assert.ok(text.slice(passages[1]?.start).startsWith('Parental leave'));
});

test('half full is enough to end with a paragraph, but not with a heading', () => {
  const paragraphs = (...parts: string[]) => parts.map(part => part.trim()).join('\n\n');
  assert.deepEqual(piecesOf(paragraphs(sentence(110), sentence(80), sentence(110))), [110, 190]);
  assert.deepEqual(piecesOf(paragraphs(sentence(99), 'Parental leave', sentence(150))), [99, 152]);
});

test('hard-wrapped lines do not break a passage inside a sentence', () => {
  const text = `The ${'word word word word\n'.repeat(30)}end.\n`.repeat(4);
  for (const { start, end } of split(text)) {
    assert.ok(text.slice(start, end).startsWith('The '));
    assert.ok(text.slice(start, end).endsWith('end.\n'));
  }
});

test('a sentence that is too long is cut evenly, at clauses where there are any', () => {
  const clause = `the ${'word '.repeat(28)}end, `;
  const text = `${clause.repeat(9)}and so it ended.`;
  const passages = split(text);
  assert.equal(passages.length, 2);
  for (const { start, end, pieceCount } of passages) {
    assert.ok(pieceCount > 120);
    assert.match(text.slice(start, end), /(?:, |\.)$/);
  }
  assert.deepEqual(piecesOf('word '.repeat(300)), [150, 150]);
});

test('a word that is too long is cut between graphemes', () => {
  const family = '👩‍👩‍👧';
  for (const emoji of [family, '👨‍👩‍👧‍👦'])
    for (const { start, end } of split(emoji.repeat(500), { maxCharacters: 100 }))
      assert.equal((end - start) % emoji.length, 0);
  assert.equal(
    split('a'.repeat(4000)).every(({ pieceCount }) => pieceCount <= 200),
    true,
  );
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
  fc.string({ unit: 'grapheme', maxLength: 300, size: 'max' }),
  fc.string({ unit: fc.constantFrom(' ', '\n', '\u3000', 'a', '.'), maxLength: 200, size: 'max' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          'A sentence here. ',
          'one, two, three ',
          '\n\n',
          '\n',
          ' ',
          '    ',
          '\r\n\r\n',
          'Heading',
          'Dr. ',
          '检索增强。',
          '检，',
        ],
        ...[
          '👩‍👩‍👧',
          'e\u0301',
          '한국어',
          'x'.repeat(99),
          'z'.repeat(150),
          '\u200b',
          '[SEP]',
          '\u0085',
          '\u000c',
          '😀',
          'é',
        ],
      ),
      { maxLength: 60, size: 'max' },
    )
    .map(parts => parts.join('')),
);

function assertSound(text: string, passages: Passage[], maxPieces: number, maxCharacters: number): void {
  let at = 0;
  for (const { start, end, pieceCount } of passages) {
    const slice = text.slice(start, end);
    assert.equal(start, at, 'passages partition the text');
    assert.ok(end > start);
    assert.ok(slice.trim() !== '' || text.trim() === '', 'a passage is white space only');
    assert.ok(slice.isWellFormed(), 'a surrogate pair was split');
    assert.equal(pieceCount, countPieces(slice.trim()));
    const isOneCodePoint = [...slice.trim()].length === 1;
    assert.ok(pieceCount <= maxPieces || isOneCodePoint, `${pieceCount} pieces`);
    assert.ok(slice.trim().length <= maxCharacters || isOneCodePoint, `${slice.length} characters`);
    at = end;
  }
  assert.equal(at, text.length, 'the end is missing');
}

test('passages of any text are sound', () => {
  const limits = fc.record({
    maxPieces: fc.integer({ min: 1, max: 60 }),
    maxCharacters: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(anyText, limits, (text, { maxPieces, maxCharacters }) => {
      assertSound(text, split(text, { maxPieces, maxCharacters }), maxPieces, maxCharacters);
    }),
    { numRuns: 4000 },
  );
});

test('time grows with the length, not with its square', { timeout: 20_000 }, () => {
  for (const text of [
    'Some words of a sentence. '.repeat(40_000),
    'words without end '.repeat(60_000),
    'a'.repeat(500_000),
    '\n'.repeat(1_000_000),
    `a${' '.repeat(1_000_000)}b`,
    '. '.repeat(300_000),
    '检索增强生成，'.repeat(50_000),
    `e${'\u0301'.repeat(300_000)}`,
  ]) {
    const startedAt = performance.now();
    const passages = split(text);
    assert.ok(performance.now() - startedAt < 3000);
    assertSound(text, passages, 200, 2000);
  }
});
