import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { makeXlsx } from '../../../../tests/files/xlsx-file.ts';
import { makeZip } from '../../../../tests/files/zip-file.ts';
import { DocumentError } from '../../../errors.ts';
import { parseXlsx } from './parse-xlsx.ts';

const parse = (bytes: Uint8Array) => parseXlsx({ bytes, filename: 'a.xlsx' });
const refused = (code: string) => (error: unknown) => error instanceof DocumentError && error.code === code;

test('each row says which value stands under which header', async () => {
  const document = await parse(
    makeXlsx(
      [
        {
          name: 'Staff & Co',
          rows: [
            ['Name:', 'Joined', 'Share', 'Active'],
            [],
            ['Ada', { number: 45292, format: 'yyyy-mm-dd' }, { number: 0.1, format: '0%' }, true],
            ['Bob | Ray\nJr', null, null, false, 'noted'],
            [null, null, 0.1 + 0.2],
          ],
        },
      ],
      { title: 'Staff list' },
    ),
  );
  assert.equal(document.title, 'Staff list');
  assert.deepEqual(describeBlocks(document), [
    'heading 1: Staff & Co',
    'table-header: Name: | Joined | Share | Active',
    'table-row: Name: Ada | Joined: 2024-01-01 | Share: 10% | Active: true',
    'table-row: Name: Bob | Ray Jr | Active: false | noted',
    'table-row: Share: 0.3',
  ]);
});

test('article numbers keep their zeros', async () => {
  const rows = [
    ['Article', 'Town'],
    [
      { number: 123, format: '00000' },
      { number: 45678, format: '000-000' },
    ],
  ];
  const document = await parse(makeXlsx([{ name: 'Stock', rows }]));
  assert.match(document.text, /Article: 00123 \| Town: 045-678$/);
});

test('hidden and empty sheets are left out; lines above a table are its title', async () => {
  const rows = [['Sales of 2024'], ['in thousands'], ['City', 2023], ['Rome', 5], ['Oslo']];
  const document = await parse(
    makeXlsx([
      { name: 'No', rows: [['a', 'b']], state: 'hidden' },
      { name: 'No', rows: [['a', 'b']], state: 'veryHidden' },
      { name: 'Empty', rows: [[], []] },
      { name: 'Sales', rows },
    ]),
  );
  assert.deepEqual(describeBlocks(document), [
    'heading 1: Sales',
    'paragraph: Sales of 2024',
    'paragraph: in thousands',
    'table-header: City | 2023',
    'table-row: City: Rome | 2023: 5',
    'table-row: City: Oslo',
  ]);
});

test('a single column has a header as well, and numbers alone have none', async () => {
  const column = Array.from({ length: 15 }, (_, index) => [`name ${index}`]);
  const document = await parse(
    makeXlsx([
      { name: 'Names', rows: column },
      {
        name: 'Numbers',
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
    ]),
  );
  const blocks = describeBlocks(document);
  assert.deepEqual(blocks.slice(0, 3), [
    'heading 1: Names',
    'table-header: name 0',
    'table-row: name 0: name 1',
  ]);
  assert.deepEqual(blocks.slice(15), [
    'table-row: name 0: name 14',
    'heading 1: Numbers',
    'table-row: 1 | 2',
    'table-row: 3 | 4',
  ]);
});

test('formulas show their results; inline, rich and typed cells are read, with and without references', async () => {
  const xml = (content: string) => ({ xml: content });
  const document = await parse(
    makeXlsx([
      {
        name: 'S',
        rows: [
          [
            xml('<c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>no</t></rPh></is></c>'),
            xml('<c t="str"><f>A1&amp;"x"</f><v>result</v></c>'),
            xml('<c><f>1+1</f><v>2</v></c>'),
            xml('<c r="AA1" t="e"><v>#N/A</v></c>'),
            xml('<c t="d"><v>2024-05-06T00:00:00</v></c>'),
            xml('<c t="s"><v>99</v></c>'),
            xml('<c r="ZZZZ1"><v>7</v></c>'),
          ],
        ],
      },
    ]),
  );
  assert.deepEqual(describeBlocks(document), [
    'heading 1: S',
    'table-header: inline | result | 2 | #N/A | 2024-05-06',
  ]);
});

test('a header that would make the text outgrow the file is cut, and what is still too much is refused', async () => {
  const rows = Array.from({ length: 3 }, () => ['x', 'y']);
  const document = await parse(makeXlsx([{ name: 'S', rows: [['h'.repeat(30_000), 'i'], ...rows] }]));
  assert.ok(document.text.length < 31_000);
  const long = { 'xl/sharedStrings.xml': `<sst><si><t>${'x'.repeat(1_000_000)}</t></si></sst>` };
  const cells = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'.repeat(100);
  const bomb = makeZip({
    ...long,
    'xl/workbook.xml': '<workbook><sheet name="a" r:id="a"/></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationship Id="a" Type="worksheet" Target="a.xml"/>',
    'xl/a.xml': cells,
  });
  await assert.rejects(parse(bomb), refused('document_too_complex'));
});

test('a truncated or altered workbook is read or refused, and nothing else', async () => {
  const rows = [
    ['a', 'b'],
    [1, { number: 45292, format: 'd.m.yy' }],
  ];
  await readOrRefuse(makeXlsx([{ name: 'S', rows }]), parseXlsx);
});
