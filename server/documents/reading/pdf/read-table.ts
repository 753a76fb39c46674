import { contentsEntry, type LineCell, type PageLine } from './page-line.ts';

export type PageTable = { rows: string[][]; hasHeader: boolean; lineCount: number };

const FEWEST_ROWS = 3;
/** In parts of the font size. */
const ALIGNMENT = 0.7;

/**
 * The table that begins at a line, when it and those after it have cells that stand below each other. Lines that
 * begin right of the first column go on with the row above them.
 */
export function readTable(lines: PageLine[], start: number): PageTable | undefined {
  const first = lines[start];
  if (!first || !isRow(first)) return undefined;
  const members: PageLine[] = [first];
  for (let line = lines[start + 1]; line; line = lines[start + members.length]) {
    const before = members.at(-1);
    if (!before || !goesOn(before, line, members)) break;
    members.push(line);
  }
  const rowCount = members.filter(isRow).length;
  if (rowCount < FEWEST_ROWS) return undefined;
  const widest = members.reduce((most, line) => (line.cells.length > most.cells.length ? line : most));
  const rows = placeCells(members, widest.cells);
  const [head, second] = members;
  return { rows, hasHeader: head?.font !== second?.font, lineCount: members.length };
}

/** A bullet stands apart from its text as well, and so does a chapter's number in a table of contents. */
const isRow = ({ cells, text }: PageLine) =>
  cells.length >= 2 && !isMarker(cells) && !contentsEntry.test(text);

const isMarker = ([first, , third]: LineCell[]) =>
  third === undefined &&
  /^(?:[^\p{L}\p{N}]|\d{1,3}[.)]|[a-z][.)]|\([a-z\d]{1,3}\))$/iu.test(first?.text ?? '');

function goesOn(before: PageLine, line: PageLine, members: PageLine[]): boolean {
  const distance = (line.y - before.y) / line.size;
  if (line.column !== before.column || distance <= 0 || distance > 3.5) return false;
  const table = members[0];
  if (!table) return false;
  const above = [...before.cells, ...(members.findLast(isRow)?.cells ?? [])];
  const aligned = line.cells.filter(cell => above.some(other => isAligned(cell, other, line.size)));
  if (isRow(line)) return aligned.length >= line.cells.length * 0.6;
  // A single cell only goes on with what stands above it.
  return line.x > (table.cells[0]?.right ?? 0) && aligned.length === line.cells.length && distance < 1.6;
}

function isAligned(a: LineCell, b: LineCell, size: number): boolean {
  const tolerance = ALIGNMENT * size;
  const middle = (cell: LineCell) => (cell.x + cell.right) / 2;
  return (
    Math.abs(a.x - b.x) < tolerance ||
    Math.abs(a.right - b.right) < tolerance ||
    Math.abs(middle(a) - middle(b)) < tolerance
  );
}

function placeCells(members: PageLine[], columns: LineCell[]): string[][] {
  const rows: string[][] = [];
  for (const line of members) {
    const above = rows.at(-1);
    const isContinuation = above !== undefined && line.x > (columns[0]?.right ?? 0);
    const row = isContinuation ? above : columns.map(() => '');
    if (!isContinuation) rows.push(row);
    for (const cell of line.cells.flatMap(cell => (spansColumns(cell, columns) ? cell.parts : [cell]))) {
      const index = nearest(cell, columns);
      row[index] = `${row[index] ?? ''} ${cell.text}`.trim();
    }
  }
  return rows;
}

/** Where cells stand close, a long one touches the next. */
const spansColumns = (cell: LineCell, columns: LineCell[]) =>
  columns.filter(column => cell.x < column.right && cell.right > column.x).length > 1;

/** The column that a cell overlaps most, or stands next to. */
function nearest(cell: Pick<LineCell, 'x' | 'right'>, columns: LineCell[]): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, column] of columns.entries()) {
    const overlap = Math.min(cell.right, column.right) - Math.max(cell.x, column.x);
    if (overlap > most) [best, most] = [index, overlap];
  }
  return best;
}
