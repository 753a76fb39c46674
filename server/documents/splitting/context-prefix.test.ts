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

const titled = (filename: string, title: string, ...headings: string[]) =>
  contextPrefix({ filename, title, headings }, tokenizer.count);

test('a title stands beside the file name when both are short, else in its place', () => {
  assert.equal(titled('ar-23.pdf', 'Annual Report 2023', 'Risks'), 'ar 23. Annual Report 2023. Risks. ');
  assert.equal(titled('annual_report.pdf', 'Annual Report', 'Risks'), 'annual report. Risks. ');
  const title = 'An exhaustive report on the state of the company and of each of its many branches';
  assert.equal(titled('ar-23.pdf', title, 'Risks'), `${title}. Risks. `);
});

test('what programs write for a title is none', () => {
  for (const title of [
    'Untitled',
    'Microsoft Word - ar.doc',
    'Document1',
    'ar-23.indd',
    '2023',
    'Slide 1',
    '',
  ])
    assert.equal(titled('ar-23.pdf', title), 'ar 23. ');
  assert.equal(titled('ar-23.pdf', 'Document retention policy'), 'ar 23. Document retention policy. ');
});

test('the nearest heading stays whole, those further out go first', () => {
  const outer = 'A part of the handbook with a long name that says very little of what is in it';
  const path = [outer, `${outer} too`, 'Leave', 'Parental leave'];
  assert.equal(prefix('handbook.pdf', ...path), `handbook. ${outer} too. Leave. Parental leave. `);
  const name = 'word '.repeat(60);
  assert.match(prefix(`${name}.txt`, outer, 'Parental leave'), /^word .*word\. Parental leave\. $/);
});

test("a table's header comes before outer headings, or not at all", () => {
  const outer = 'A part of the handbook with a long name that says very little of what is in it';
  const withTable = (tableHeader: string) =>
    contextPrefix({ filename: 'a.md', headings: [outer, 'Pay'], tableHeader }, tokenizer.count);
  assert.equal(withTable('| Grade | Euro |\n|---|:--:|'), `a. ${outer}. Pay. Grade, Euro. `);
  assert.equal(withTable('Grade | '.repeat(12)), `a. Pay. ${'Grade, '.repeat(11)}Grade. `);
  assert.equal(withTable('Grade | '.repeat(40)), `a. ${outer}. Pay. `);
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

test('a nearest heading of at most half the prefix is never cut, and the order stays', () => {
  const words = fc.array(fc.constantFrom('leave', 'Pay', 'internationalization', '检索', '12'), {
    minLength: 1,
    maxLength: 30,
  });
  const heading = fc.tuple(fc.nat(), words).map(([n, all]) => `h${n} ${all.join(' ')}`);
  fc.assert(
    fc.property(
      fc.string(),
      words,
      fc.array(heading, { minLength: 1, maxLength: 7 }),
      (file, title, path) => {
        const before = contextPrefix(
          { filename: file, title: title.join(' '), headings: path },
          tokenizer.count,
        );
        const nearest = `${path.at(-1)}. `;
        const isShort =
          nearest.length * 2 <= maxPrefixCharacters && tokenizer.count(nearest) * 2 <= maxPrefixPieces;
        if (isShort && !path.slice(0, -1).some(one => `${one}. ` === nearest))
          assert.ok(before.endsWith(nearest));
        const shown = before.split('. ').map(part => path.indexOf(part));
        const inPath = shown.filter(index => index >= 0);
        assert.deepEqual(
          inPath,
          inPath.toSorted((one, other) => one - other),
        );
        assert.ok(before.length <= maxPrefixCharacters && tokenizer.count(before) <= maxPrefixPieces);
      },
    ),
    { numRuns: 1000 },
  );
});
