import { CsvError, parse } from 'csv-parse/sync';
import { decodeText } from '../decode-text.ts';
import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile, DocumentNote, ParsedDocument } from '../parsed-document.ts';
import { detectDelimiter } from './detect-delimiter.ts';

/** Column names longer than this are cut: they are repeated in every row. */
const LONGEST_NAME = 60;
/** A table whose text would grow by more than this through its column names is written without them. */
const MOST_GROWTH = 8;
/** Lines of explanation that may stand above a table. */
const MOST_TITLE_ROWS = 10;

/** A table: every row says what its values are, so that it is understood when it is found alone. */
export function parseCsv({ bytes, filename, charset }: DocumentFile): ParsedDocument {
  const { text, notes } = decodeText(bytes, charset);
  const { rows, notes: repairs } = readRows(
    text,
    /\.(tsv|tab)$/i.test(filename) ? '\t' : detectDelimiter(text),
  );
  const builder = new DocumentBuilder();
  for (const note of [...notes, ...repairs]) builder.note(note);
  const { title, table } = splitTitle(rows);
  for (const line of title) builder.paragraph(line);
  const [first = [], ...others] = table;
  const isHeader = others.length > 0 && looksLikeHeader(first);
  const names = nameColumns(
    isHeader ? first : [],
    table.reduce((most, row) => Math.max(most, row.length), 0),
  );
  builder.tableRow(names, { header: true });
  const isNamed = growth(names, table) <= MOST_GROWTH;
  for (const row of isHeader ? others : table)
    builder.tableRow(isNamed ? row.flatMap((value, index) => nameValue(names[index], value)) : row);
  return builder.build();
}

function readRows(text: string, delimiter: string): { rows: string[][]; notes: DocumentNote[] } {
  try {
    const rows: string[][] = parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    });
    return { rows, notes: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const rows = text.split('\n').map(line => line.split(delimiter).map(cell => cell.trim()));
    const message = `The table is not valid CSV, so each line was read as a row (${describe(error)}).`;
    return { rows, notes: [{ code: 'content_repaired', message }] };
  }
}

const describe = ({ code }: CsvError) =>
  code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'a quotation mark is never closed'
    : code.toLowerCase().replaceAll('_', ' ');

/** Rows with a single value above a header are the table's title. */
function splitTitle(rows: string[][]): { title: string[]; table: string[][] } {
  const isWide = (row: string[]) => row.filter(value => value !== '').length > 1;
  const start = rows.slice(0, MOST_TITLE_ROWS + 1).findIndex(isWide);
  // Without values below it a wide row is no header.
  if (start <= 0 || rows.length === start + 1 || !looksLikeHeader(rows[start] ?? []))
    return { title: [], table: rows };
  return { title: rows.slice(0, start).map(row => row.join(' ')), table: rows.slice(start) };
}

/** Names are words, each another; values are often numbers, dates or missing. */
function looksLikeHeader(row: string[]): boolean {
  const names = row.filter(name => name !== '');
  return (
    names.length >= row.length / 2 &&
    new Set(names).size === names.length &&
    names.every(name => /\p{L}/u.test(name) && name.length <= 200)
  );
}

function nameColumns(header: string[], count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const name = header[index]?.replace(/\s+/g, ' ').trim() ?? '';
    if (name === '') return `Column ${index + 1}`;
    return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
  });
}

/** How many times longer the rows become by the names of their columns. */
function growth(names: string[], rows: string[][]): number {
  let named = 1;
  let plain = 1;
  for (const row of rows)
    row.forEach((value, index) => {
      plain += value.length + 1;
      if (value !== '') named += value.length + (names[index]?.length ?? 0) + 5;
    });
  return named / plain;
}

const nameValue = (name: string | undefined, value: string) =>
  value === '' ? [] : [`${name ?? ''}: ${value}`];
