import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkParsedDocument, describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { DocumentError } from '../../../errors.ts';
import { detectDelimiter } from './detect-delimiter.ts';
import { parseCsv } from './parse-csv.ts';

const parse = (text: string, filename = 'a.csv') => parseCsv({ bytes: Buffer.from(text), filename });

test('every row names its values', () => {
  const document = parse('\uFEFFName,Town,"Note, long"\nAnna,Köln,"likes ""tea""\nand milk"\nBen,,x\n\n');
  assert.equal(
    document.text,
    'Name | Town | Note, long\nName: Anna | Town: Köln | Note, long: likes "tea" and milk\nName: Ben | Note, long: x',
  );
  assert.deepEqual(
    document.blocks.map(({ kind }) => kind),
    ['table-header', 'table-row', 'table-row'],
  );
  assert.deepEqual(document.notes, []);
});

test('without a header the columns have numbers, and the first row is one', () => {
  assert.deepEqual(describeBlocks(parse('1,Anna\n2,Ben\n')), [
    'table-header: Column 1 | Column 2',
    'table-row: Column 1: 1 | Column 2: Anna',
    'table-row: Column 1: 2 | Column 2: Ben',
  ]);
  assert.deepEqual(describeBlocks(parse('Anna,Köln')), [
    'table-header: Column 1 | Column 2',
    'table-row: Column 1: Anna | Column 2: Köln',
  ]);
});

test('rows may be longer and shorter than the header', () => {
  assert.deepEqual(describeBlocks(parse('A,B\n1\n1,2,3\n')), [
    'table-header: A | B | Column 3',
    'table-row: A: 1',
    'table-row: A: 1 | B: 2 | Column 3: 3',
  ]);
});

test('the delimiter is found', () => {
  assert.equal(detectDelimiter('a;b;c\n"1,2,3,4,5";2,5;3\n'), ';');
  assert.equal(detectDelimiter('a\tb\n1,5\t2,5\n'), '\t');
  assert.equal(detectDelimiter('a|b\n1|2'), '|');
  assert.equal(detectDelimiter('one column\nonly'), ',');
  assert.equal(
    parse('Name\tTown, land\nA\tB, C', 'a.TSV').text,
    'Name | Town, land\nName: A | Town, land: B, C',
  );
});

test('a title above the table is a text of its own', () => {
  const expected = [
    'paragraph: Stock list 2026',
    'paragraph: as of May, all shelves',
    'table-header: Item | Shelf | Count',
    'table-row: Item: Tea | Shelf: A1 | Count: 2,5',
    'table-row: Item: Milk | Shelf: B2 | Count: 3,5',
  ];
  const table = 'Item;Shelf;Count\nTea;A1;2,5\nMilk;B2;3,5\n';
  for (const title of [
    'Stock list 2026\n\nas of May, all shelves\n\n',
    'Stock list 2026;;\n;;\nas of May, all shelves;;\n',
  ])
    assert.deepEqual(describeBlocks(parse(title + table)), expected);
  assert.equal(detectDelimiter('Stock list, 2026\n\nItem;Shelf\nTea;2,5\nMilk;3,5'), ';');
  assert.equal(detectDelimiter('Item;Count\nTea;2,5\nMilk;3,5'), ';');
  assert.deepEqual(describeBlocks(parse('Name,\nAnna,1\nBen,2')), [
    'table-header: Name | Column 2',
    'table-row: Name: Anna | Column 2: 1',
    'table-row: Name: Ben | Column 2: 2',
  ]);
});

test('a quotation mark that is never closed makes lines rows, and a note says so', () => {
  const document = parse('Name,Size\n"Anna,1\nBen,2\n');
  assert.equal(document.text, 'Name | Size\nName: "Anna | Size: 1\nName: Ben | Size: 2');
  assert.deepEqual(document.notes, [
    {
      code: 'content_repaired',
      message:
        'The table is not valid CSV, so each line was read as a row (a quotation mark is never closed).',
    },
  ]);
  assert.equal(parse('Name,Size\n5" screen,1\n').text, 'Name | Size\nName: 5" screen | Size: 1');
});

test('names that would drown the values are not repeated', () => {
  const names = Array.from({ length: 50 }, (_, index) => `A rather long name of column number ${index}`);
  const { text, blocks } = parse(`${names.join()}\n${`${'1,'.repeat(49)}1\n`.repeat(100)}`);
  assert.equal(blocks.length, 101);
  assert.ok(text.endsWith(`1${' | 1'.repeat(49)}`));
  assert.ok(parse(`${'x'.repeat(200)},b\n1,2`).text.endsWith(`${'x'.repeat(59)}…: 1 | b: 2`));
});

test('large tables take time in proportion', { timeout: 60_000 }, () => {
  assert.equal(parse(`Name,Size\n${'Anna,1\n'.repeat(500_000)}`).blocks.length, 500_001);
  parse('"'.repeat(2_000_000));
  parse(','.repeat(1_000_000).concat('a'));
  parse(`"a${'\n'.repeat(1_000_000)}`);
});

test('a table that is cut off or altered is read or refused', async () => {
  await readOrRefuse(
    Buffer.from('Name,Town,"Note, long"\nAnna,Köln,"likes ""tea""\nand milk"\nBen,,x\n'),
    parseCsv,
  );
  const piece = fc.constantFrom('a', '1', ',', ';', '"', '\n', '\r\n', '\t', ' ', '\0', 'é', '|', '\\');
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      try {
        checkParsedDocument(parse(pieces.join('')));
      } catch (error) {
        assert.ok(error instanceof DocumentError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
