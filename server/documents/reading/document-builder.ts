import type { Block, DocumentNote, ParsedDocument } from './parsed-document.ts';

/** Writes a document's text block by block and keeps the map of it, for formats that are not text already. */
export class DocumentBuilder {
  readonly #parts: string[] = [];
  readonly #blocks: Block[] = [];
  readonly #pageStarts: number[] = [];
  readonly #notes: DocumentNote[] = [];
  #length = 0;
  title: string | undefined;

  /** UTF-16 units written so far. */
  get length(): number {
    return this.#length;
  }

  /** @param level 1 is the highest; more than 6 count as 6. */
  heading(level: number, text: string): void {
    this.#block(normaliseLine(text), '\n\n', (start, end) => ({
      kind: 'heading',
      level: Math.min(Math.max(level, 1), 6),
      start,
      end,
    }));
  }

  paragraph(text: string): void {
    this.#block(normalise(text).trim(), '\n\n', (start, end) => ({ kind: 'paragraph', start, end }));
  }

  /** @param marker "- ", or "3. " of a numbered list. @param depth 0 is the outermost list. */
  listItem(text: string, { marker = '- ', depth = 0 }: { marker?: string; depth?: number } = {}): void {
    const content = normalise(text).trim();
    if (content === '') return;
    const separator = this.#blocks.at(-1)?.kind === 'list-item' ? '\n' : '\n\n';
    this.#block(`${'  '.repeat(depth)}${marker}${content}`, separator, (start, end) => ({
      kind: 'list-item',
      start,
      end,
    }));
  }

  /** White space within is kept. */
  code(text: string): void {
    this.#block(normalise(text).replace(/^\n+|\s+$/g, ''), '\n\n', (start, end) => ({
      kind: 'code',
      start,
      end,
    }));
  }

  /** One row as a line, its cells separated by " | ". A header belongs to the rows that follow it. */
  tableRow(cells: string[], { header = false }: { header?: boolean } = {}): void {
    const line = cells.map(normaliseLine).join(' | ');
    if (!/[^\s|]/.test(line)) return;
    const before = this.#blocks.at(-1)?.kind;
    const goesOn = !header && (before === 'table-header' || before === 'table-row');
    this.#block(line.trim(), goesOn ? '\n' : '\n\n', (start, end) => ({
      kind: header ? 'table-header' : 'table-row',
      start,
      end,
    }));
  }

  /** What is written next stands on a new page (or slide). */
  page(): void {
    if (this.#length > 0) this.#write('\n\n');
    this.#pageStarts.push(this.#length);
  }

  note(note: DocumentNote): void {
    this.#notes.push(note);
  }

  build(): ParsedDocument {
    return {
      text: this.#parts.join(''),
      blocks: this.#blocks,
      pageStarts: this.#pageStarts,
      title: this.title,
      notes: this.#notes,
    };
  }

  #block(content: string, separator: string, make: (start: number, end: number) => Block): void {
    if (content === '') return;
    const onNewPage = this.#pageStarts.at(-1) === this.#length;
    if (this.#length > 0 && !onNewPage) this.#write(separator);
    const start = this.#length;
    this.#write(content);
    this.#blocks.push(make(start, this.#length));
  }

  #write(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }
}

/** Line ends as \n; no NUL, other control characters or lone surrogates, which no format means as text. */
function normalise(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|[\u2028\u2029\v\f]/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
      .replace(/[\0-\x08\x0E-\x1F\x7F\u00AD\uFEFF]/g, '')
  );
}

const normaliseLine = (text: string) => normalise(text).replace(/\s+/g, ' ').trim();
