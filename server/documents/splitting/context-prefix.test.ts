import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadWordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import { contextPrefix, maxPrefixCharacters, maxPrefixPieces } from './context-prefix.ts';
import { splitIntoPassages } from './split-into-passages.ts';

const tokenizer = await loadWordPieceTokenizer(join(import.meta.dirname, '../../../models/all-MiniLM-L6-v2'));
const prefix = (filename: string, ...headings: string[]) =>
  contextPrefix({ filename, headings }, tokenizer.count);

test('the file name becomes words, the headings follow', () => {
  assert.equal(prefix('employee_handbook.pdf'), 'employee handbook. ');
  assert.equal(prefix('Annual-Report.v2.final.docx'), 'Annual Report v2 final. ');
  assert.equal(prefix('folder/notes.txt', 'Leave', 'Parental leave.'), 'notes. Leave. Parental leave. ');
  assert.equal(prefix('.env'), 'env. ');
});

test('a heading that only repeats the file name is left out', () => {
  assert.equal(prefix('employee_handbook.md', 'Employee Handbook', 'Leave'), 'employee handbook. Leave. ');
});

test('nothing to say is an empty prefix', () => {
  assert.equal(prefix(''), '');
  assert.equal(prefix('___.pdf', ' ', '\n'), '');
  assert.equal(prefix('a'.repeat(500)), '');
});

test('a long prefix is cut at a word', () => {
  const long = prefix('notes.txt', 'to go '.repeat(60));
  assert.match(long, /^notes\. (?:to go )+to(?: go)?\. $/);
  assert.ok(tokenizer.count(long) > maxPrefixPieces - 3);
  const characters = prefix('notes.txt', 'internationalization '.repeat(60));
  assert.match(characters, /^notes\. (?:internationalization )+internationalization\. $/);
  assert.ok(characters.length > maxPrefixCharacters - 25);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400, size: 'max' }),
  fc.string({ unit: 'grapheme', maxLength: 400, size: 'max' }),
  fc
    .array(
      fc.constantFrom(
        'word ',
        '检索',
        '[SEP]',
        'x'.repeat(120),
        '. ',
        '한국',
        '\u0085',
        '\u0301',
        '\u200d',
        'Σ',
        '_',
      ),
      {
        maxLength: 250,
        size: 'max',
      },
    )
    .map(parts => parts.join('')),
);

test('prefix and passage together never exceed what the model reads', () => {
  const limits = { maxPieces: 200, maxCharacters: 2000, countPieces: tokenizer.count };
  fc.assert(
    fc.property(anyText, fc.array(anyText, { maxLength: 3 }), anyText, (filename, headings, text) => {
      const before = prefix(filename, ...headings);
      assert.ok(before === '' || before.endsWith('. '));
      assert.ok(before.length <= maxPrefixCharacters);
      assert.ok(before.isWellFormed());
      assert.ok(tokenizer.count(before) <= maxPrefixPieces);
      for (const { start, end, pieceCount } of splitIntoPassages(text, [], limits)) {
        const embedded = before + text.slice(start, end).trim();
        assert.equal(tokenizer.count(embedded), tokenizer.count(before) + pieceCount);
        assert.ok(tokenizer.count(embedded) + 2 <= tokenizer.maxPieces);
      }
    }),
    { numRuns: 1000 },
  );
});
