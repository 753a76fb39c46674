import type { DocumentBuilder } from '../../document-builder.ts';
import type { Attributes } from '../../scan-markup.ts';
import { OdtLists } from './odt-lists.ts';
import type { OdtStyles } from './read-styles.ts';

type Paragraph = { text: string[]; headingLevel: number | undefined };
type Table = { row: string[]; isInHeader: boolean };

/** Not part of what the text says: what was deleted, remarks, the table of contents, pictures' data and names. */
const skipped = new Set(
  (
    'tracked-changes annotation table-of-content note-citation binary-data title desc ruby-text forms scripts ' +
    'font-face-decls automatic-styles event-listeners shapes'
  ).split(' '),
);

/** The most spaces that one text:s stands for: a hostile count would outgrow the file. */
const MOST_SPACES = 100;

/** Writes an OpenDocument text from the elements of its content.xml. */
export class OdtReader {
  readonly #builder: DocumentBuilder;
  readonly #styles: OdtStyles;
  readonly #lists: OdtLists;
  /** One within the other where a text box or a note stands in a paragraph. */
  readonly #paragraphs: Paragraph[] = [];
  readonly #tables: Table[] = [];
  /** The cells and notes that are open; without any, text goes into the document. */
  readonly #collecting: string[][] = [];
  readonly #notes: string[] = [];
  #skipping: { name: string; depth: number } | undefined;

  constructor(builder: DocumentBuilder, styles: OdtStyles) {
    this.#builder = builder;
    this.#styles = styles;
    this.#lists = new OdtLists(styles);
  }

  open(name: string, attributes: Attributes): void {
    if (this.#skipping) {
      if (this.#skipping.name === name) this.#skipping.depth++;
    } else if (skipped.has(name)) this.#skipping = { name, depth: 1 };
    else if (name === 'p' || name === 'h') this.#openParagraph(name, attributes);
    else if (name === 'list') this.#lists.openList(attributes);
    else if (name === 'list-item') this.#lists.openItem(attributes, { hasMarker: true });
    else if (name === 'list-header') this.#lists.openItem(attributes, { hasMarker: false });
    else if (name === 'note' || name === 'table-cell') this.#collecting.push([]);
    else if (name === 'table') this.#tables.push({ row: [], isInHeader: false });
    else if (name === 'table-header-rows') this.#setInHeader(true);
    else this.#addToParagraph(inlineText(name, attributes));
  }

  close(name: string): void {
    if (this.#skipping) {
      if (this.#skipping.name === name && --this.#skipping.depth === 0) this.#skipping = undefined;
    } else if (name === 'p' || name === 'h') this.#closeParagraph();
    else if (name === 'list') this.#lists.closeList();
    else if (name === 'note') this.#closeNote();
    else if (name === 'table-cell') this.#tables.at(-1)?.row.push(this.#collecting.pop()?.join(' ') ?? '');
    else if (name === 'table-row') this.#closeRow();
    else if (name === 'table-header-rows') this.#setInHeader(false);
    else if (name === 'table') this.#tables.pop();
  }

  text(text: string): void {
    if (!this.#skipping) this.#addToParagraph(text.replace(/\s+/g, ' '));
  }

  /** Notes stand at the end, as numbered as in the text. */
  end(): void {
    while (this.#paragraphs.length > 0) this.#closeParagraph();
    for (const [index, note] of this.#notes.entries())
      this.#builder.listItem(note, { marker: `${index + 1}. ` });
  }

  #openParagraph(name: string, attributes: Attributes): void {
    const level = Number(/^\d{1,2}$/.exec(attributes['text:outline-level'] ?? '')?.[0] ?? 1);
    const isTitle = this.#styles.titles.has(attributes['text:style-name'] ?? '');
    const headingLevel = name === 'h' ? level : isTitle ? 1 : undefined;
    this.#paragraphs.push({ text: [], headingLevel });
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    const text = paragraph?.text.join('').replace(/^ +| +$/g, '') ?? '';
    if (text === '') return;
    const collected = this.#collecting.at(-1);
    if (collected) collected.push(text);
    else if (paragraph?.headingLevel !== undefined) this.#builder.heading(paragraph.headingLevel, text);
    else if (this.#lists.isInside) this.#lists.write(text, this.#builder);
    else this.#builder.paragraph(text);
  }

  #closeNote(): void {
    const note = this.#collecting.pop()?.join(' ') ?? '';
    if (note === '') return;
    this.#notes.push(note);
    this.#addToParagraph(`[${this.#notes.length}]`);
  }

  /** A table within a cell is part of the cell's text. */
  #closeRow(): void {
    const table = this.#tables.at(-1);
    if (!table) return;
    const { row, isInHeader } = table;
    table.row = [];
    const collected = this.#collecting.at(-1);
    if (collected) collected.push(row.filter(cell => cell !== '').join(' | '));
    else this.#builder.tableRow(row, { header: isInHeader });
  }

  #setInHeader(isInHeader: boolean): void {
    const table = this.#tables.at(-1);
    if (table) table.isInHeader = isInHeader;
  }

  #addToParagraph(text: string): void {
    if (text !== '') this.#paragraphs.at(-1)?.text.push(text);
  }
}

function inlineText(name: string, attributes: Attributes): string {
  if (name === 'tab') return '\t';
  if (name === 'line-break') return '\n';
  if (name !== 's') return '';
  const count = Number(attributes['text:c'] ?? 1);
  return ' '.repeat(Number.isInteger(count) ? Math.min(Math.max(count, 0), MOST_SPACES) : 1);
}
