import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { DocumentError } from '../../../errors.ts';
import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { groupBlocks, type PageBlock } from './group-blocks.ts';
import { findBodyStyle, findHeadings, LARGER } from './heading-levels.ts';
import { broken, openPdf } from './open-pdf.ts';
import { orderLines } from './order-lines.ts';
import { withoutFurniture } from './page-furniture.ts';
import type { PageLine } from './page-line.ts';
import { readOutline, readPdfTitle } from './pdf-properties.ts';
import { readPage } from './read-page.ts';

type Page = { lines: PageLine[]; across: string[]; isBroken: boolean };

/** UTF-16 units. */
const LONGEST_TEXT = 64 * 1024 * 1024;

/**
 * The text layer of a PDF, page by page in reading order, with headings, lists and simple tables as far as they can
 * be told from where and how the text stands.
 */
export async function parsePdf({ bytes }: DocumentFile): Promise<ParsedDocument> {
  const pdf = await openPdf(bytes);
  try {
    const pages = await readPages(pdf);
    refuseWithoutText(pages);
    const builder = new DocumentBuilder();
    builder.title = await readPdfTitle(pdf);
    const body = findBodyStyle(pages.flatMap(page => page.lines));
    const lines = withoutFurniture(
      pages.map(page => page.lines),
      body.size * LARGER,
    );
    const blocks = lines.map(one => groupBlocks(one, { isBodyMonospace: body.isMonospace }));
    const headings = findHeadings(blocks.flat(), body, await readOutline(pdf));
    for (const [index, page] of pages.entries()) {
      builder.page();
      for (const block of blocks[index] ?? []) writeBlock(block, headings.get(block), builder);
      builder.paragraph(page.across.join(' '));
    }
    noteMissingPages(pages, builder);
    return builder.build();
  } finally {
    await pdf.loadingTask.destroy();
  }
}

async function readPages(pdf: PDFDocumentProxy): Promise<Page[]> {
  const pages: Page[] = [];
  let length = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await readLines(pdf, number);
    pages.push(page);
    length += page.lines.reduce((sum, { text }) => sum + text.length, 0);
    if (length > LONGEST_TEXT)
      throw new DocumentError(
        'document_too_complex',
        'The PDF holds more text than Lectern reads from one file.',
      );
  }
  if (pages.every(({ isBroken }) => isBroken)) throw broken();
  return pages;
}

async function readLines(pdf: PDFDocumentProxy, number: number): Promise<Page> {
  try {
    const page = await pdf.getPage(number);
    const { fragments, across } = await readPage(page);
    page.cleanup();
    return { lines: orderLines(fragments).filter(({ text }) => text !== ''), across, isBroken: false };
  } catch {
    // One damaged page is no reason to lose the others; that it is missing is noted.
    return { lines: [], across: [], isBroken: true };
  }
}

function writeBlock(block: PageBlock, headingLevel: number | undefined, builder: DocumentBuilder): void {
  if (headingLevel !== undefined && block.kind === 'paragraph') builder.heading(headingLevel, block.text);
  else if (block.kind === 'list-item') builder.listItem(block.text, { marker: block.marker });
  else if (block.kind === 'code') builder.code(block.text);
  else if (block.kind === 'paragraph') builder.paragraph(block.text);
  else
    for (const [index, cells] of block.rows.entries())
      builder.tableRow(cells, { header: block.hasHeader && index === 0 });
}

const isEmpty = ({ lines, across }: Page) => lines.length === 0 && across.length === 0;

function refuseWithoutText(pages: Page[]): void {
  if (!pages.every(isEmpty)) return;
  const are = pages.length === 1 ? 'its page is a picture' : `its ${pages.length} pages are pictures`;
  throw new DocumentError(
    'document_without_text',
    `The PDF has no text: ${are} (a scan). Run text recognition (OCR) on it first, for example ocrmypdf.`,
  );
}

function noteMissingPages(pages: Page[], builder: DocumentBuilder): void {
  const numbers = (select: (page: Page) => boolean) =>
    pages.flatMap((page, index) => (select(page) ? [index + 1] : []));
  const broken = numbers(page => page.isBroken);
  const empty = numbers(page => isEmpty(page) && !page.isBroken);
  if (empty.length > 0)
    builder.note({
      code: 'text_missing_on_pages',
      message: `No text on ${nameRanges(empty)}: pictures without text recognition (OCR), or blank.`,
    });
  if (broken.length > 0)
    builder.note({ code: 'content_skipped', message: `Damaged and left out: ${nameRanges(broken)}.` });
}

const MOST_RANGES = 20;

/** "pages 1, 3–5". */
function nameRanges(numbers: number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && number === last.to + 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  const names = ranges
    .slice(0, MOST_RANGES)
    .map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  const more = ranges.length > MOST_RANGES ? ' and others' : '';
  return `${numbers.length === 1 ? 'page' : 'pages'} ${names.join(', ')}${more}`;
}
