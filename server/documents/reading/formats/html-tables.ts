import type { DocumentBuilder } from '../document-builder.ts';
import type { Attributes } from '../scan-markup.ts';
import type { BlockTarget, HtmlLists } from './html-lists.ts';

type Table = {
  /** Used to place things on the page: its cells are written as ordinary blocks. */
  isLayout: boolean;
  isInHead: boolean;
  row: Cell[];
  cell: Cell | undefined;
  /** Open lists outside of the cell. */
  listDepth: number;
};

type Cell = { isHeader: boolean; texts: string[]; writes: ((target: BlockTarget) => void)[] };

/** The tables that are open. Rows are written as lines; tables within tables make the outer ones layout. */
export class HtmlTables {
  readonly #builder: DocumentBuilder;
  readonly #lists: HtmlLists;
  readonly #open: Table[] = [];

  constructor(builder: DocumentBuilder, lists: HtmlLists) {
    this.#builder = builder;
    this.#lists = lists;
  }

  get isInside(): boolean {
    return this.#open.length > 0;
  }

  /** Where blocks go at this place. */
  get target(): BlockTarget {
    const cell = this.#open.at(-1)?.cell;
    return cell ? intoCell(cell) : this.#builder;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'table') {
      this.#openTable(attributes);
      return;
    }
    const table = this.#open.at(-1);
    if (!table || table.isLayout) return;
    if (name === 'tr' || name === 'thead' || name === 'tbody' || name === 'tfoot') this.#endRow(table);
    if (name === 'thead' || name === 'tbody' || name === 'tfoot') table.isInHead = name === 'thead';
    if (name === 'td' || name === 'th') {
      this.#endCell(table);
      table.listDepth = this.#lists.depth;
      table.cell = { isHeader: name === 'th', texts: [], writes: [] };
      table.row.push(table.cell);
    }
  }

  close(name: string): void {
    const table = this.#open.at(-1);
    if (!table) return;
    if (name === 'td' || name === 'th') this.#endCell(table);
    else if (name === 'tr' || name === 'thead' || name === 'table') this.#endRow(table);
    if (name === 'thead') table.isInHead = false;
    if (name === 'table') this.#open.pop();
  }

  #openTable(attributes: Attributes): void {
    const outer = this.#open.at(-1);
    if (outer && !outer.isLayout) {
      // The list that the inner table may stand in stays open.
      const cells = outer.row;
      outer.row = [];
      outer.cell = undefined;
      outer.isLayout = true;
      for (const cell of cells) this.#writeBlocks(cell);
    }
    const isLayout = attributes.role === 'presentation' || attributes.role === 'none';
    this.#open.push({ isLayout, isInHead: false, row: [], cell: undefined, listDepth: this.#lists.depth });
  }

  #endCell(table: Table): void {
    if (table.cell) this.#lists.closeTo(table.listDepth);
    table.cell = undefined;
  }

  #endRow(table: Table): void {
    this.#endCell(table);
    const cells = table.row;
    table.row = [];
    const [only] = cells;
    if (cells.length === 1 && only && only.writes.length > 1) {
      this.#writeBlocks(only);
      return;
    }
    const header = table.isInHead || (cells.length > 1 && cells.every(({ isHeader }) => isHeader));
    this.#builder.tableRow(
      cells.map(({ texts }) => texts.join(' ')),
      { header },
    );
  }

  #writeBlocks(cell: Cell): void {
    for (const write of cell.writes) write(this.#builder);
  }
}

/** Blocks within a cell are one text in its row, and blocks again when there is nothing else in the row. */
function intoCell(cell: Cell): BlockTarget {
  const add = (text: string, write: (target: BlockTarget) => void) => {
    if (text.trim() === '') return;
    cell.texts.push(text);
    cell.writes.push(write);
  };
  return {
    heading: (level, text) => add(text, target => target.heading(level, text)),
    paragraph: text => add(text, target => target.paragraph(text)),
    listItem: (text, options) => add(text, target => target.listItem(text, options)),
    code: text => add(text, target => target.code(text)),
  };
}
