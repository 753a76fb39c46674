import { type Attributes, scanMarkup } from '../../scan-markup.ts';
import { formatNumber } from './format-cell.ts';
import type { Workbook } from './read-workbook.ts';

/** @property column counts from 0. @property isText tells text from numbers, dates and truth values. */
export type Cell = { column: number; text: string; isText: boolean };

const LAST_COLUMN = 16_383;

/** Gives each row that has something in it, its cells in the order of their columns. */
export function scanWorksheet(xml: string, workbook: Workbook, row: (cells: Cell[]) => void): void {
  scanMarkup(xml, new WorksheetReader(workbook, row), 'xml');
}

class WorksheetReader {
  readonly #workbook: Workbook;
  readonly #row: (cells: Cell[]) => void;
  #cells: Cell[] = [];
  #column = -1;
  #type = 'n';
  #style = 0;
  #text = '';
  #isValue = false;
  #isPhonetic = false;

  constructor(workbook: Workbook, row: (cells: Cell[]) => void) {
    this.#workbook = workbook;
    this.#row = row;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'row') {
      this.#cells = [];
      this.#column = -1;
    } else if (name === 'c') this.#openCell(attributes);
    else if (name === 'rPh') this.#isPhonetic = true;
    // A formula (f) stands beside its result (v); only that is read.
    else if (name === 'v' || name === 't') this.#isValue = !this.#isPhonetic;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#isValue = false;
    else if (name === 'rPh') this.#isPhonetic = false;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row' && this.#cells.length > 0) {
      const cells = this.#cells;
      this.#cells = [];
      this.#row(cells.sort((a, b) => a.column - b.column));
    }
  }

  text(text: string): void {
    if (this.#isValue) this.#text += text;
  }

  #openCell({ r, t, s }: Attributes): void {
    this.#column = r === undefined ? this.#column + 1 : columnOf(r);
    this.#type = t ?? 'n';
    this.#style = Number(s ?? 0);
    this.#text = '';
  }

  #closeCell(): void {
    const text = this.#formatValue().trim();
    const isText = this.#type === 's' || this.#type === 'str' || this.#type === 'inlineStr';
    if (text !== '' && this.#column >= 0 && this.#column <= LAST_COLUMN)
      this.#cells.push({ column: this.#column, text, isText });
    this.#text = '';
  }

  #formatValue(): string {
    const { sharedStrings, formats } = this.#workbook;
    if (this.#type === 's') return sharedStrings[Number(this.#text)] ?? '';
    if (this.#type === 'b') return this.#text.trim() === '1' ? 'true' : this.#text === '' ? '' : 'false';
    if (this.#type === 'd') return this.#text.replace(/T00:00:00(\.0+)?Z?$/, '');
    if (this.#type !== 'n') return this.#text;
    return formatNumber(this.#text, formats.kinds[this.#style] ?? 'number', formats.isDate1904);
  }
}

/** "BC12" is 54. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,4}/i.exec(reference)?.[0].toUpperCase() ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
