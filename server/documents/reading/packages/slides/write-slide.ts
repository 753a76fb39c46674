import type { DocumentBuilder } from '../../document-builder.ts';
import { type Attributes, scanMarkup } from '../../scan-markup.ts';

/** A shape's paragraphs; `role` is its placeholder: title, ctrTitle, subTitle, body, sldNum, ftr, dt. */
type Shape = { role: string | undefined; paragraphs: Paragraph[] };
type Paragraph = { text: string; depth: number; isListItem: boolean; isNumbered: boolean };
type Table = { rows: string[][]; hasHeader: boolean };

/** What stands on every slide and says nothing about it. */
const furniture = new Set(['sldNum', 'ftr', 'dt', 'hdr', 'sldImg']);

/** Writes a slide's title as a heading, then its shapes and tables in their order. */
export function writeSlide(xml: string, builder: DocumentBuilder): void {
  const parts = readShapes(xml);
  const title = parts.find(part => 'role' in part && /^(title|ctrTitle)$/.test(part.role ?? ''));
  if (title && 'paragraphs' in title) builder.heading(1, title.paragraphs.map(({ text }) => text).join(' '));
  for (const part of parts)
    if ('rows' in part) writeTable(part, builder);
    else if (part !== title && !furniture.has(part.role ?? '')) writeShape(part, builder);
}

/** The text of a notes page, without the slide's picture and number on it. */
export function readNotes(xml: string): string {
  return readShapes(xml)
    .filter(part => 'paragraphs' in part)
    .filter(({ role }) => !furniture.has(role ?? ''))
    .flatMap(({ paragraphs }) => paragraphs.map(({ text }) => text.trim()))
    .filter(text => text !== '')
    .join('\n');
}

function writeShape({ role, paragraphs }: Shape, builder: DocumentBuilder): void {
  let numbers: number[] = [];
  // The body placeholder has bullets unless they are switched off.
  for (const { text, depth, isListItem, isNumbered } of paragraphs) {
    const isInList = isListItem || (depth > 0 && role !== undefined);
    numbers = isInList ? numbers.slice(0, depth + (isNumbered ? 1 : 0)) : [];
    if (isNumbered) numbers[depth] = (numbers[depth] ?? 0) + 1;
    if (isInList) builder.listItem(text, { depth, marker: isNumbered ? `${numbers[depth]}. ` : '- ' });
    else builder.paragraph(text);
  }
}

function writeTable({ rows, hasHeader }: Table, builder: DocumentBuilder): void {
  for (const [index, cells] of rows.entries())
    builder.tableRow(cells, { header: hasHeader && index === 0 && rows.length > 1 });
}

function readShapes(xml: string): (Shape | Table)[] {
  const reader = new SlideReader();
  scanMarkup(xml, reader, 'xml');
  return reader.parts;
}

class SlideReader {
  readonly parts: (Shape | Table)[] = [];
  #shape: Shape | undefined;
  #table: Table | undefined;
  #cell: string[] | undefined;
  #paragraph: Paragraph | undefined;
  #isText = false;
  /** mc:Choice repeats in newer words what mc:Fallback says. */
  #fallbackDepth = 0;

  open(name: string, attributes: Attributes): void {
    if (name === 'Fallback') this.#fallbackDepth++;
    if (this.#fallbackDepth > 0) return;
    if (name === 'sp') {
      this.#shape = { role: undefined, paragraphs: [] };
      this.parts.push(this.#shape);
    } else if (name === 'ph' && this.#shape) this.#shape.role = attributes.type ?? 'body';
    else if (name === 'tbl') {
      this.#table = { rows: [], hasHeader: false };
      this.parts.push(this.#table);
    } else if (name === 'tblPr' && this.#table) this.#table.hasHeader = attributes.firstRow === '1';
    else if (name === 'tr') this.#table?.rows.push([]);
    else if (name === 'tc' && this.#table) this.#cell = [];
    else this.#openText(name, attributes);
  }

  close(name: string): void {
    if (name === 'Fallback') this.#fallbackDepth = Math.max(0, this.#fallbackDepth - 1);
    if (this.#fallbackDepth > 0) return;
    if (name === 't') this.#isText = false;
    else if (name === 'p') this.#endParagraph();
    else if (name === 'tc' && this.#cell) {
      this.#table?.rows.at(-1)?.push(this.#cell.join(' '));
      this.#cell = undefined;
    } else if (name === 'tbl') this.#table = undefined;
    else if (name === 'sp') this.#shape = undefined;
  }

  text(text: string): void {
    if (this.#isText && this.#paragraph) this.#paragraph.text += text;
  }

  #openText(name: string, attributes: Attributes): void {
    const paragraph = this.#paragraph;
    if (name === 'p') {
      const isBody = this.#shape?.role === 'body' || this.#shape?.role === 'obj';
      this.#paragraph = { text: '', depth: 0, isListItem: isBody, isNumbered: false };
    } else if (name === 't') this.#isText = true;
    else if (!paragraph) return;
    else if (name === 'pPr') paragraph.depth = Number(/^[0-8]$/.exec(attributes.lvl ?? '')?.[0] ?? 0);
    else if (name === 'buNone') paragraph.isListItem = false;
    else if (name === 'buChar' || name === 'buAutoNum') {
      paragraph.isListItem = true;
      paragraph.isNumbered = name === 'buAutoNum';
    } else if (name === 'br') paragraph.text += '\n';
    else if (name === 'tab') paragraph.text += '\t';
  }

  #endParagraph(): void {
    const paragraph = this.#paragraph;
    this.#paragraph = undefined;
    if (!paragraph || paragraph.text.trim() === '') return;
    if (this.#cell) this.#cell.push(paragraph.text);
    else this.#shape?.paragraphs.push(paragraph);
  }
}
