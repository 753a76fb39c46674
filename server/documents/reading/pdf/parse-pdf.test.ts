import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { makePdf, type PdfPage, pdfLines } from '../../../../tests/files/pdf-file.ts';
import { DocumentError } from '../../../errors.ts';
import { parsePdf } from './parse-pdf.ts';

type Options = Parameters<typeof makePdf>[1];

const parse = (pages: PdfPage[], options?: Options) =>
  parsePdf({ bytes: makePdf(pages, options), filename: 'a.pdf' });
const blocksOf = async (pages: PdfPage[], options?: Options) => describeBlocks(await parse(pages, options));
const refused =
  (code: string, message = /./) =>
  (error: unknown) =>
    error instanceof DocumentError && error.code === code && message.test(error.message);

const prose = [
  'Lectern answers questions from documents and shows the sentences that its inter-',
  'national readers can check. It needs no account, and it runs on a laptop as well',
  'as on a server.',
];

test('lines become paragraphs, and divided words one word', async () => {
  const second = [
    'The second paragraph follows after a gap that is wider than the one between',
    'its lines.',
  ];
  const page = [...pdfLines(prose), ...pdfLines(second, { top: 720 })];
  assert.deepEqual(await blocksOf([page]), [
    'paragraph: Lectern answers questions from documents and shows the sentences that its international readers can check. It needs no account, and it runs on a laptop as well as on a server.',
    `paragraph: ${second.join(' ')}`,
  ]);
});

test('an indented first line begins a paragraph, a hanging indent goes on with it', async () => {
  const indented = [
    ...pdfLines([prose[0] ?? '', prose[1] ?? '']),
    ...pdfLines(['Anew, with an indent, and as long as all the lines of this text are here, now'], {
      x: 90,
      top: 746,
    }),
    ...pdfLines([prose[1] ?? ''], { top: 734 }),
  ];
  assert.equal((await blocksOf([indented])).length, 2);
  const entry = (top: number) => [
    ...pdfLines(['Author, A. (2024). A title that is long enough to fill the whole of the line up to its'], {
      top,
    }),
    ...pdfLines(
      ['end, and so it goes on below with an indent. Some publisher, some town, pages 1 to', '20.'],
      { x: 92, top: top - 12 },
    ),
  ];
  assert.equal((await blocksOf([[...entry(770), ...entry(734)]])).length, 2);
});

test('larger type is a heading, the larger the higher; a numbered line in another font is one below', async () => {
  const page = [
    ...pdfLines(['The title'], { top: 790, size: 20 }),
    ...pdfLines(['A part of it, in a heading', 'of two lines'], { top: 760, size: 14, leading: 17 }),
    ...pdfLines(['1.2 Scope of the rules'], { top: 715, bold: true }),
    ...pdfLines(prose, { top: 695 }),
    ...pdfLines(['1 Only a line in the font of the text'], { top: 640 }),
  ];
  assert.deepEqual(
    (await blocksOf([page])).map(block => block.slice(0, 38)),
    [
      'heading 1: The title',
      'heading 2: A part of it, in a heading ',
      'heading 4: 1.2 Scope of the rules',
      'paragraph: Lectern answers questions f',
      'paragraph: 1 Only a line in the font o',
    ],
  );
});

test('bookmarks name headings and their levels, whatever their type', async () => {
  const page = [
    ...pdfLines(['2. Fees'], { bold: true }),
    ...pdfLines(prose, { top: 740 }),
    ...pdfLines(['Late fees'], { top: 690 }),
    ...pdfLines(prose, { top: 660 }),
  ];
  const outline = [
    { title: 'Rules', depth: 0, page: 1 },
    { title: 'Fees', depth: 1, page: 1 },
    { title: 'Late  fees', depth: 2, page: 1 },
  ];
  const headings = (await blocksOf([page], { outline })).filter(block => block.startsWith('heading'));
  assert.deepEqual(headings, ['heading 2: 2. Fees', 'heading 3: Late fees']);
});

test('every page has its place, also one without text, which is noted', async () => {
  const document = await parse([pdfLines(['One.']), [], [], pdfLines(['Four.']), []]);
  assert.equal(document.text, 'One.\n\n\n\n\n\nFour.\n\n');
  assert.deepEqual(document.pageStarts, [0, 6, 8, 10, 17]);
  assert.deepEqual(document.notes, [
    {
      code: 'text_missing_on_pages',
      message: 'No text on pages 2–3, 5: pictures without text recognition (OCR), or blank.',
    },
  ]);
});

test('a scan is refused with advice', async () => {
  await assert.rejects(
    parse([[], []]),
    refused('document_without_text', /its 2 pages are pictures.*ocrmypdf/),
  );
  await assert.rejects(parse([[]]), refused('document_without_text', /its page is a picture/));
});

test('two columns are read one after the other, between lines that run across them', async () => {
  const column = (name: string, x: number) =>
    pdfLines(
      Array.from(
        { length: 8 },
        (_, index) => `${name} column has line ${index} with text up to its edge${index === 7 ? '.' : ''}`,
      ),
      { x, top: 740, size: 9, leading: 12 },
    );
  const wide = (text: string, top: number) =>
    pdfLines(
      [
        `${text} runs across both of the columns, from the left edge of the page to the right edge of it, yes.`,
      ],
      { top, size: 9, x: 60 },
    );
  // In the order of their height, as some programs write them.
  const page = [
    ...column('The left', 60),
    ...column('The right', 310),
    ...wide('Above', 780),
    ...wide('Below', 620),
  ];
  const blocks = await blocksOf([page.sort((a, b) => b.y - a.y)]);
  assert.deepEqual(
    blocks.map(block => block.replace(/^paragraph: ((?:\S+ ){2}).*/, '$1')),
    ['Above runs ', 'The left ', 'The right ', 'Below runs '],
  );
  assert.match(blocks[1] ?? '', /line 0 .* line 7 with text up to its edge\.$/);
});

test('cells below each other are a table, with its header when that stands out', async () => {
  const row = (cells: string[], y: number, bold = false) =>
    cells.map((text, index) => ({ text, x: 72 + index * 150, y, bold }));
  const page = [
    ...row(['Item', 'Price', 'Stock'], 700, true),
    ...row(['Green tea', '2.50', '12'], 686),
    ...row(['Coffee', '3.00'], 672),
    ...row(['', 'per cup'], 660).slice(1),
    ...row(['Water', '1.00', '7'], 646),
  ];
  assert.deepEqual(await blocksOf([page]), [
    'table-header: Item | Price | Stock',
    'table-row: Green tea | 2.50 | 12',
    'table-row: Coffee | 3.00 per cup |',
    'table-row: Water | 1.00 | 7',
  ]);
});

test('where cells stand close, the columns of the other rows part them', async () => {
  const row = (cells: string[], y: number) => cells.map((text, index) => ({ text, x: 72 + index * 60, y }));
  const page = [
    ...row(['Plant', 'Name', 'Price'], 700),
    ...row(['Lovage', 'Levisticum.', '3.80'], 686),
    ...row(['Savory', 'Satureja', '3.50'], 672),
    ...pdfLines(prose, { top: 620 }),
  ];
  assert.deepEqual((await blocksOf([page])).slice(0, 3), [
    'table-row: Plant | Name | Price',
    'table-row: Lovage | Levisticum. | 3.80',
    'table-row: Savory | Satureja | 3.50',
  ]);
});

test('entries of a table of contents are lines of their own, and no headings', async () => {
  const entry = (number: string, title: string, y: number) => [
    { text: number, x: 72, y, size: 14 },
    { text: `${title} ${'. '.repeat(20)}${number}`, x: 100, y, size: 14 },
  ];
  const page = [
    ...entry('1', 'Fees', 700),
    ...entry('2', 'Terms', 683),
    ...entry('3', 'Ends', 666),
    ...pdfLines(prose, { top: 600 }),
  ];
  assert.deepEqual((await blocksOf([page])).slice(0, 3), [
    'paragraph: 1 Fees … 1',
    'paragraph: 2 Terms … 2',
    'paragraph: 3 Ends … 3',
  ]);
});

test('list items keep their text, and bullets become one mark', async () => {
  const page = [
    ...pdfLines(['• first of the items, with a text', '• second']),
    ...pdfLines(['•'], { top: 700 }),
    ...pdfLines(['third, apart from its mark'], { top: 700, x: 92 }),
  ];
  assert.deepEqual(await blocksOf([page]), [
    'list-item: - first of the items, with a text',
    'list-item: - second',
    'list-item: - third, apart from its mark',
  ]);
});

const pagesOf = (count: number, page: (index: number) => PdfPage) =>
  Array.from({ length: count }, (_, index) => page(index));

test('running headers and page numbers go; what only they say stays once', async () => {
  const page = (index: number) => [
    ...pdfLines([`Handbook, version 3`], { top: 815, size: 8 }),
    ...pdfLines([`Chapter ${String.fromCharCode(65 + Math.floor(index / 3))} of it ${index + 5}`], {
      top: 800,
      size: 8,
    }),
    ...pdfLines([`This page tells about the number ${'abcdefgh'[index]}.`, ...prose]),
    ...pdfLines([`${index + 5}`], { top: 30 }),
  ];
  const { text } = await parse(pagesOf(6, page));
  assert.equal(text.match(/Handbook, version 3/g)?.length, 1);
  assert.doesNotMatch(text.replace('version 3', ''), /Chapter|\d/);
  assert.equal(text.match(/This page tells/g)?.length, 6);
  const alike = await parse(pagesOf(6, index => pdfLines([`Ticket ${index}`])));
  assert.equal(alike.text.match(/Ticket/g)?.length, 6);
});

test('headers of left and right pages go, and page numbers with a total or in roman', async () => {
  const roman = ['i', 'ii', 'iii', 'iv', 'v', 'vi'];
  const page = (index: number) => [
    ...pdfLines([index % 2 ? 'The left side' : 'The right side'], { top: 815, size: 8 }),
    ...pdfLines([`This page tells about the number ${'abcdefgh'[index]}.`, ...prose]),
    ...pdfLines([`Page ${index + 1} of 6`], { top: 40, size: 8 }),
    ...pdfLines([`- ${roman[index]} -`], { top: 20 }),
  ];
  const { text } = await parse(pagesOf(6, page));
  assert.deepEqual([text.match(/The left side/g)?.length, text.match(/The right side/g)?.length], [1, 1]);
  assert.doesNotMatch(text, /Page \d|- [iv]+ -/);
});

test('lines that are alike but for their numbers are content', async () => {
  const invoices = [
    ['4711', '129'],
    ['4718', '348'],
    ['4733', '15'],
    ['4739', '77'],
  ].map(([number, total]) => [
    ...pdfLines([`Invoice ${number}`], { top: 800 }),
    ...pdfLines(prose),
    ...pdfLines([`Total due: ${total} EUR`], { top: 60 }),
  ]);
  for (const count of [2, 4]) {
    const { text } = await parse(invoices.slice(0, count));
    assert.deepEqual(text.match(/Invoice \d+|due: \d+/g)?.length, 2 * count, text);
  }
  const counted = await parse(
    pagesOf(4, index => [...pdfLines([`Invoice ${17 + index}`], { top: 800 }), ...pdfLines(prose)]),
  );
  assert.equal(counted.text.match(/Invoice \d+/g)?.length, 4);
  const prices = pagesOf(6, index =>
    pdfLines(
      Array.from(
        { length: 10 },
        (_, row) => `Article ${index * 10 + row} costs ${(index * 31 + row * 7) % 90} EUR`,
      ),
    ),
  );
  assert.equal((await parse(prices)).text.match(/Article/g)?.length, 60);
  const log = pagesOf(3, index => pdfLines([`Week ${'abc'[index]}`, ...prose, 'No fault was reported.']));
  assert.equal((await parse(log)).text.match(/No fault/g)?.length, 3);
});

test('of two pages only plain page numbers are left out', async () => {
  const page = (index: number) => [
    ...pdfLines(['The cooperative'], { top: 815, size: 14 }),
    ...pdfLines([`This page tells about the number ${'ab'[index]}.`, ...prose]),
    ...pdfLines(['Total due: 129 EUR'], { top: 40 }),
    ...pdfLines([`- ${index + 1} -`], { top: 20 }),
  ];
  const { text } = await parse(pagesOf(2, page));
  assert.doesNotMatch(text, /- \d -/);
  assert.equal(text.match(/The cooperative|Total due/g)?.length, 4);
});

test('a page that is turned, by itself or by its text, reads like any other; slanted text is left out', async () => {
  const upwards = prose
    .map((text, index) => `BT /F1 10 Tf 0 1 -1 0 ${200 + index * 12} 100 Tm (${text}) Tj ET`)
    .join('\n');
  const slanted = 'BT /F1 60 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (DRAFT) Tj ET';
  const expected = await blocksOf([pdfLines(prose)]);
  assert.deepEqual(await blocksOf([{ content: `${upwards}\n${slanted}` }]), expected);
  assert.deepEqual(await blocksOf([{ content: upwards, attributes: '/Rotate 90' }]), expected);
  const aside =
    'BT /F1 10 Tf 0 1 -1 0 560 100 Tm (on the edge) Tj ET BT /F1 10 Tf 72 700 Td (Some more text.) Tj ET';
  assert.deepEqual(await blocksOf([{ content: aside }]), [
    'paragraph: Some more text.',
    'paragraph: on the edge',
  ]);
});

test('the title comes from the properties unless a program made it up', async () => {
  const titleOf = async (title: string) => (await parse([pdfLines(['x'])], { title })).title;
  assert.equal(await titleOf('  The rüles '), 'The rüles');
  for (const made of ['untitled', '(anonymous)', 'Microsoft Word - draft.doc', '12345', 'report.indd', ' '])
    assert.equal(await titleOf(made), undefined);
});

test('text in a predefined Japanese encoding is read', async () => {
  const content = 'BT /F1 12 Tf 72 700 Td <65E5672C8A9E306E6587> Tj ET';
  const japanese =
    '<</Type/Font/Subtype/Type0/BaseFont/HeiseiMin/Encoding/UniJIS-UTF16-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/HeiseiMin/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 4>>/DW 1000>>]>>';
  const pdf = makePdf([{ content }], { packed: false }).toString('latin1');
  const bytes = Buffer.from(
    pdf.replace('<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>', japanese),
    'latin1',
  );
  assert.equal((await parsePdf({ bytes, filename: 'a.pdf' })).text, '日本語の文');
});
