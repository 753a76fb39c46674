import type { DocumentOutline, DocumentText } from '../api/document-text.ts';

export type Paragraph = {
  /** UTF-16 units from the start of the document's text. */
  start: number;
  end: number;
  text: string;
  /** 1 to 6 for headings. */
  level: number | undefined;
  /** The page that begins here. */
  page: number | undefined;
};

type Outline = Pick<DocumentOutline, 'headings' | 'page_starts'>;

/** The paragraphs of a stretch of text, with what the document's structure says of them. */
export function splitParagraphs({ start, text }: DocumentText, outline: Outline | undefined): Paragraph[] {
  const headings = outline?.headings ?? [];
  const pageStarts = outline?.page_starts ?? [];
  let nextPage = pageStarts.findIndex(at => at >= start);
  return [...text.matchAll(/[^\n]+(?:\n[^\n]+)*/g)].flatMap(match => {
    const from = start + match.index;
    const pieces = splitAtHeadings(match[0], from, headings);
    return pieces.map(piece => {
      const begins = pageStarts[nextPage];
      const page = nextPage >= 0 && begins !== undefined && begins <= piece.end ? nextPage + 1 : undefined;
      while (nextPage >= 0 && nextPage < pageStarts.length && (pageStarts[nextPage] ?? 0) <= piece.end)
        nextPage++;
      return { ...piece, page };
    });
  });
}

/** A heading often stands directly above its text, with no empty line between. */
function splitAtHeadings(text: string, start: number, headings: Outline['headings']) {
  const end = start + text.length;
  const inside = headings.filter(heading => heading.start >= start && heading.end <= end);
  const pieces: Omit<Paragraph, 'page'>[] = [];
  let at = start;
  const add = (to: number, level: number | undefined) => {
    const raw = text.slice(at - start, to - start);
    const [from, until] = level === undefined && inside.length > 0 ? withoutMarks(raw) : [0, raw.length];
    const part = raw.slice(from, until);
    const lead = from + part.length - part.trimStart().length;
    const content = part.trim();
    if (content) pieces.push({ start: at + lead, end: at + lead + content.length, text: content, level });
    at = to;
  };
  for (const heading of inside) {
    if (heading.start > at) add(heading.start, undefined);
    if (heading.end > at) add(heading.end, heading.level);
  }
  if (at < end) add(end, undefined);
  return pieces;
}

/** Where the text beside a heading begins and ends without what makes that one in Markdown: the # before, the line below. */
function withoutMarks(raw: string): [from: number, until: number] {
  const line = /^\s*(?:={2,}|-{2,})[^\S\n]*(?:\n|$)/.exec(raw)?.[0] ?? '';
  const marks = /(?:^|\n)[^\S\n]{0,3}#{1,6}\s*$/.exec(raw.slice(line.length))?.[0] ?? '';
  return [line.length, raw.length - marks.length];
}
