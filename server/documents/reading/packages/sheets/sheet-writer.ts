import { DocumentError } from '../../../../errors.ts';
import type { DocumentBuilder } from '../../document-builder.ts';
import type { Cell } from './scan-worksheet.ts';

/** UTF-16 units. */
const LONGEST_TEXT = 64 * 1024 * 1024;
/** A header stands in every row again. */
const LONGEST_LABEL = 80;
/** Lines of explanation that may stand above a table. */
const MOST_TITLE_ROWS = 10;

/**
 * Writes a sheet's name and its rows, so that each row can be understood alone: "Header: value | Header: value". The header is the
 * first row; rows with a single cell above a wider one are the sheet's title.
 */
export class SheetWriter {
  readonly #builder: DocumentBuilder;
  /** By column. */
  #labels: string[] | undefined;
  #titleRows: Cell[][] = [];

  #name: string | undefined;

  constructor(builder: DocumentBuilder, name: string) {
    this.#builder = builder;
    this.#name = name;
  }

  /** @throws DocumentError document_too_complex when the text outgrows what is read from one file. */
  row(cells: Cell[]): void {
    // Not before there is a row: a sheet of pictures says nothing.
    if (this.#name !== undefined) this.#builder.heading(1, this.#name);
    this.#name = undefined;
    if (this.#labels) {
      this.#writeRow(cells, this.#labels);
      return;
    }
    if (cells.length === 1 && this.#titleRows.length < MOST_TITLE_ROWS) {
      this.#titleRows.push(cells);
      return;
    }
    const titleRows = this.#titleRows;
    if (cells.length === 1) {
      this.end();
      this.#writeRow(cells, this.#labels ?? []);
      return;
    }
    for (const [cell] of titleRows) this.#builder.paragraph(cell?.text ?? '');
    this.#titleRows = [];
    this.#begin(cells);
  }

  /** A sheet of one column has its title rows as rows. */
  end(): void {
    const [first, ...others] = this.#titleRows;
    this.#titleRows = [];
    if (first) this.#begin(first);
    for (const cells of others) this.#writeRow(cells, this.#labels ?? []);
  }

  #begin(cells: Cell[]): void {
    this.#labels = [];
    const isHeader = cells.some(({ isText }) => isText);
    if (!isHeader) {
      this.#writeRow(cells, []);
      return;
    }
    for (const { column, text } of cells) this.#labels[column] = labelOf(text);
    this.#builder.tableRow(
      cells.map(({ text }) => text),
      { header: true },
    );
  }

  #writeRow(cells: Cell[], labels: string[]): void {
    this.#builder.tableRow(
      cells.map(({ column, text }) => (labels[column] ? `${labels[column]}: ${text}` : text)),
    );
    if (this.#builder.length > LONGEST_TEXT)
      throw new DocumentError(
        'document_too_complex',
        'The workbook holds more text than Lectern reads from one file. Split it into smaller ones.',
      );
  }
}

function labelOf(text: string): string {
  const label = text.replace(/\s+/g, ' ').replace(/\s*:$/, '');
  return label.length <= LONGEST_LABEL ? label : `${label.slice(0, LONGEST_LABEL - 1).toWellFormed()}…`;
}
