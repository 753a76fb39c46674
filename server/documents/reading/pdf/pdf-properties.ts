import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { normaliseTitle, type Outline } from './heading-levels.ts';

type Bookmarks = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>;

const MOST_BOOKMARKS = 10_000;

/** The bookmarks' titles with their depths; none when there are none or they are damaged. */
export async function readOutline(pdf: PDFDocumentProxy): Promise<Outline> {
  const outline: Outline = new Map();
  const pending: { items: Bookmarks; depth: number }[] = [{ items: await bookmarksOf(pdf), depth: 1 }];
  for (let next = pending.pop(); next && outline.size < MOST_BOOKMARKS; next = pending.pop())
    for (const { title, items } of next.items ?? []) {
      const key = normaliseTitle(title);
      if (key !== '' && !outline.has(key)) outline.set(key, Math.min(next.depth, 6));
      if (items.length > 0) pending.push({ items, depth: next.depth + 1 });
    }
  return outline;
}

async function bookmarksOf(pdf: PDFDocumentProxy): Promise<Bookmarks> {
  try {
    return await pdf.getOutline();
  } catch {
    return [];
  }
}

/** The title among the properties, unless a program made it up: "Microsoft Word - draft3.doc", "untitled". */
export async function readPdfTitle(pdf: PDFDocumentProxy): Promise<string | undefined> {
  try {
    const { info } = await pdf.getMetadata();
    if (!('Title' in info) || typeof info.Title !== 'string') return undefined;
    const title = info.Title.replace(/^Microsoft (Word|PowerPoint|Excel) - /, '')
      .replace(/\s+/g, ' ')
      .trim();
    const isMadeUp =
      /^\(?(untitled|anonymous|unspecified|title|document\d*|unknown)\)?$/i.test(title) ||
      /\.(docx?|pptx?|xlsx?|dvi|tex|indd|qxd|pdf|rtf|odt)$/i.test(title);
    return isMadeUp || !/\p{L}{2}/u.test(title) || title.length > 300 ? undefined : title;
  } catch {
    return undefined;
  }
}
