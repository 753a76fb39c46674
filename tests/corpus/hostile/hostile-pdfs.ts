import { makePdf, pdfLines } from '../../files/pdf-file.ts';
import { type CorpusCase, failed, ready, refused } from '../corpus-case.ts';

const page = (text: string) => pdfLines([text, 'It has a second line, as pages do.']);

/** A change of its bytes that keeps their number, so that its table of offsets stays right. */
function changed(pdf: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length || !pdf.includes(from)) throw new Error(`no “${from}” to change`);
  const at = pdf.indexOf(from);
  return Buffer.concat([pdf.subarray(0, at), Buffer.from(to, 'latin1'), pdf.subarray(at + from.length)]);
}

export const hostilePdfs: CorpusCase[] = [
  {
    what: 'a PDF whose tree of pages is a loop',
    filename: 'loop.pdf',
    bytes: () => changed(makePdf([page('One.'), page('Two.')]), 'Kids[10 0 R 12 0 R]', 'Kids[02 0 R 02 0 R]'),
    expected: failed('document_broken'),
  },
  {
    what: 'a PDF that declares a length beyond its end',
    filename: 'length.pdf',
    bytes: () => {
      const pdf = makePdf([page('The length of this page is a lie.')], { packed: false });
      const [length = ''] = /\/Length \d+/.exec(pdf.toString('latin1')) ?? [];
      return changed(pdf, length, `/Length ${'9'.repeat(length.length - 8)}`);
    },
    expected: ready({ excerpts: ['The length of this page is a lie.'], pages: 1 }),
  },
  {
    what: 'a PDF of 10,000 empty pages',
    filename: 'empty-pages.pdf',
    bytes: () => makePdf(Array.from({ length: 10_000 }, () => ({ content: '' }))),
    expected: failed('document_too_complex'),
  },
  {
    what: 'a PDF of empty pages',
    filename: 'two-empty-pages.pdf',
    bytes: () => makePdf([{ content: '' }, { content: '' }]),
    expected: failed('document_without_text'),
  },
  {
    what: 'a PDF with a password to open it',
    filename: 'locked.pdf',
    bytes: () => makePdf([page('Locked.')], { passwords: { user: 'secret', owner: 'owner' } }),
    expected: failed('document_encrypted'),
  },
  {
    what: 'a PDF that says it has a thousand million pages',
    filename: 'count.pdf',
    bytes: () => {
      const pdf = makePdf(Array.from({ length: 10 }, (_, n) => page(`This is page number ${n + 1}.`)));
      return changed(pdf, '/Count 10', '/Count 99');
    },
    expected: ready({ excerpts: ['This is page number 1.'] }),
  },
  {
    what: 'a PDF without its table of objects',
    filename: 'no-table.pdf',
    bytes: () => {
      const pdf = makePdf([page('Found without the table.')]);
      return changed(changed(pdf, 'xref\n', 'fork\n'), 'startxref', 'startfork');
    },
    expected: ready({ excerpts: ['Found without the table.'], pages: 1 }),
  },
  {
    what: 'a PDF that stops in the middle of its page',
    filename: 'cut.pdf',
    bytes: () => {
      const pdf = makePdf([page('One.'), page('Two.')]);
      return pdf.subarray(0, pdf.indexOf('stream') + 30);
    },
    expected: failed('document_broken'),
  },
  {
    what: 'a PDF that is a header and noise',
    filename: 'noise.pdf',
    bytes: () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(20_000, 'obj <</Kids[ 1 0 R ')]),
    expected: failed('document_broken'),
  },
  {
    what: 'a text that is named like a PDF',
    filename: 'text.pdf',
    bytes: () => Buffer.from('I am no PDF at all, only a text.'),
    expected: refused('unsupported_media_type', { status: 415 }),
  },
  {
    what: 'a page of a million operators',
    filename: 'operators.pdf',
    bytes: () =>
      makePdf([
        { content: `BT /F1 10 Tf 72 700 Td (A page with much ado.) Tj ET\n${'q Q '.repeat(1_000_000)}` },
      ]),
    expected: ready({ excerpts: ['A page with much ado.'], pages: 1 }),
  },
];
