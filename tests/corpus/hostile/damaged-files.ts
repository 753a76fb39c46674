import { readFile } from 'node:fs/promises';
import { type CorpusCase, failed, ready, refused } from '../corpus-case.ts';
import { noise } from './hostile-texts.ts';

const real = (name: string) => readFile(new URL(`../files/${name}`, import.meta.url));
const unsupported = refused('unsupported_media_type', { status: 415 });

/** The file without its last third. */
const cut = async (name: string) => {
  const bytes = await real(name);
  return bytes.subarray(0, Math.floor((bytes.length * 2) / 3));
};

const cutOff: [name: string, expected: CorpusCase['expected']][] = [
  ['pandoc-handbook.docx', failed('document_broken')],
  ['pandoc-handbook.odt', failed('document_broken')],
  ['pandoc-handbook.epub', failed('document_broken')],
  ['python-pptx-orchard.pptx', failed('document_broken')],
  ['openpyxl-seeds.xlsx', failed('document_broken')],
  ['7z-box.zip', failed('document_broken')],
  ['pdflatex-two-columns.pdf', failed('document_broken')],
  ['groff-manual.pdf', failed('document_broken')],
  [
    'pandoc-handbook.rtf',
    ready({ excerpts: ['nine kilometres of the old ferry pier', 'Deposits and fees'] }),
  ],
  [
    'chromium-saved-page.html',
    ready({
      excerpts: ['Spring Catalogue', 'Lovage'],
      headings: [
        [1, 'Spring Catalogue'],
        [2, 'Herbs'],
        [2, 'How to order'],
      ],
    }),
  ],
  ['hand-gmail.eml', ready({ excerpts: ['the keys are under the blue pot'] })],
  ['python-tides.json', failed('document_broken')],
  ['iconv-chinese-gb18030.txt', ready({ notes: ['encoding_detected'], excerpts: ['渡轮码头乘客须知'] })],
];

const endings = 'txt md html csv json jsonl ts rtf eml pdf docx pptx xlsx odt epub zip'.split(' ');

const empty = endings.flatMap((ending): CorpusCase[] => [
  {
    what: `an empty file that ends in .${ending}`,
    filename: `empty.${ending}`,
    bytes: () => Buffer.alloc(0),
    expected: refused('document_empty'),
  },
]);

/** Each of another length: the same bytes would be the same document. */
const blank = ['txt', 'md', 'html', 'csv', 'json', 'eml'].map(
  (ending, index): CorpusCase => ({
    what: `nothing but white space in a file that ends in .${ending}`,
    filename: `blank.${ending}`,
    bytes: () => Buffer.from(' \n\t\r\n\u00A0\u2003\u200B\uFEFF '.repeat(100 + index)),
    // That it has no headers is for its parser to tell.
    expected: ending === 'eml' ? failed('document_broken') : refused('document_empty'),
  }),
);

const misnamed: [what: string, filename: string, bytes: () => Promise<Buffer>][] = [
  [
    'a picture that is named like a Word document',
    'picture.docx',
    async () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise(500)]),
  ],
  ['a PDF that is named like a text', 'statement.txt', () => real('reportlab-statement.pdf')],
  ['a Word document that is named like a workbook', 'handbook.xlsx', () => real('pandoc-handbook.docx')],
  ['a book that is named like an OpenDocument text', 'novel.odt', () => real('ebooklib-novel.epub')],
  [
    'a program with two endings',
    'invoice.pdf.exe',
    async () => Buffer.concat([Buffer.from('MZ\x90\0\x03\0\0\0'), noise(500)]),
  ],
  [
    'a program that is named like a PDF',
    'invoice.exe.pdf',
    async () => Buffer.concat([Buffer.from('MZ\x90\0\x03\0\0\0'), noise(500)]),
  ],
  ['noise that is named like a presentation', 'noise.pptx', async () => noise(5_000)],
  [
    'an old Word document',
    'letter.doc',
    async () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), noise(5_000)]),
  ],
];

/** One bit of every hundredth byte is another. */
const flipped = async (name: string) => {
  const bytes = Buffer.from(await real(name));
  for (let at = 50; at < bytes.length; at += 100) bytes[at] = (bytes[at] ?? 0) ^ 4;
  return bytes;
};

const bitsFlipped: [name: string, expected: CorpusCase['expected']][] = [
  ['pandoc-handbook.docx', failed('document_broken')],
  ['pandoc-handbook.epub', unsupported],
  ['openpyxl-seeds.xlsx', failed('document_broken')],
  ['python-zip64.zip', failed('document_broken')],
  // What is left are pages without any text.
  ['groff-manual.pdf', failed('document_without_text')],
  ['pandoc-handbook.rtf', ready({ excerpts: ['itw frame', 'Ms Ylva Brandt, fkr it'] })],
  ['iconv-german-utf16be-bom.txt', ready({ excerpts: ['Schule'] })],
];

export const damagedFiles: CorpusCase[] = [
  ...cutOff.map(
    ([name, expected]): CorpusCase => ({
      what: `two thirds of ${name}`,
      filename: name,
      bytes: () => cut(name),
      expected,
    }),
  ),
  ...empty,
  ...blank,
  ...misnamed.map(
    ([what, filename, bytes]): CorpusCase => ({ what, filename, bytes, expected: unsupported }),
  ),
  ...bitsFlipped.map(
    ([name, expected]): CorpusCase => ({
      what: `${name} with flipped bits`,
      filename: name,
      bytes: () => flipped(name),
      expected,
    }),
  ),
];
