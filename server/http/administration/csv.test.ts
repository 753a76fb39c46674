import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { z } from 'zod';
import { csvColumns, csvLine } from './csv.ts';

test('whatever stands in cells is read again, with an apostrophe before what would be a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 5 }), cells => {
      const [read] = parse(csvLine(cells), { relax_column_count: true }) as string[][];
      assert.deepEqual(
        read,
        cells.map(cell => (/^\s*[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell)),
      );
    }),
  );
});

for (const begin of ['=', '+', '-', '@', '\t', '\r', '\n', ' =', '＝'])
  test(`a cell that begins with ${JSON.stringify(begin)} is no formula`, () => {
    const [read] = parse(csvLine([`${begin}HYPERLINK("http://evil.example")`, 1])) as string[][];
    assert.equal(read?.[0], `'${begin}HYPERLINK("http://evil.example")`);
  });

test('numbers stay numbers, lists are one cell, and what there is not is empty', () => {
  assert.equal(csvLine([-1, true, null, ['a', 'b'], { a: 1 }]), '-1,true,,a; b,"{""a"":1}"\r\n');
});

test('objects have a column for each of their fields', () => {
  const row = z.object({ id: z.number(), user: z.object({ id: z.number(), email: z.string() }).nullable() });
  const columns = csvColumns(row);
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['id', 'user.id', 'user.email'],
  );
  const read = (value: Record<string, unknown>) => columns.map(column => column.read(value));
  assert.deepEqual(read({ id: 7, user: { id: 8, email: 'a@b.example' } }), [7, 8, 'a@b.example']);
  assert.deepEqual(read({ id: 7, user: null }), [7, undefined, undefined]);
});
