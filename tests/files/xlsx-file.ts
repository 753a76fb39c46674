import { corePropertiesXml, relationshipsXml, xmlText } from './docx-file.ts';
import { makeZip } from './zip-file.ts';

/** Text is shared, `{ number, format }` refers to one of `formats`, `{ xml }` is put in as a whole `c` element. */
export type SheetCell =
  | string
  | number
  | boolean
  | null
  | { number: number; format: string }
  | { xml: string };
export type Sheet = { name: string; rows: SheetCell[][]; state?: 'hidden' | 'veryHidden' };

const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const namespaces =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

export function makeXlsx(
  sheets: Sheet[],
  { title, date1904 = false }: { title?: string; date1904?: boolean } = {},
) {
  const strings = new Map<string, number>();
  const formats = new Map<string, number>();
  const indexIn = (map: Map<string, number>, key: string) => {
    const index = map.get(key) ?? map.size;
    map.set(key, index);
    return index;
  };
  const cellXml = (cell: SheetCell, reference: string) => {
    if (cell === null) return '';
    if (typeof cell === 'string') return `<c r="${reference}" t="s"><v>${indexIn(strings, cell)}</v></c>`;
    if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
    if (typeof cell === 'boolean') return `<c r="${reference}" t="b"><v>${cell ? 1 : 0}</v></c>`;
    if ('xml' in cell) return cell.xml;
    return `<c r="${reference}" s="${indexIn(formats, cell.format) + 1}"><v>${cell.number}</v></c>`;
  };
  const rowXml = (cells: SheetCell[], row: number) =>
    `<row r="${row + 1}">${cells.map((cell, column) => cellXml(cell, `${columnName(column)}${row + 1}`)).join('')}</row>`;
  const parts: Record<string, string> = {
    '_rels/.rels': relationshipsXml(
      `<Relationship Id="r1" Type="${types}/officeDocument" Target="xl/workbook.xml"/>`,
    ),
    'xl/workbook.xml': `<workbook ${namespaces}><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets>${sheets.map(({ name, state }, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" ${state ? `state="${state}" ` : ''}r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationshipsXml(
      sheets
        .map(
          (_, index) =>
            `<Relationship Id="rId${index + 1}" Type="${types}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
        )
        .join(''),
    ),
  };
  for (const [index, { rows }] of sheets.entries())
    parts[`xl/worksheets/sheet${index + 1}.xml`] =
      `<worksheet ${namespaces}><sheetData>${rows.map(rowXml).join('')}</sheetData></worksheet>`;
  parts['xl/sharedStrings.xml'] =
    `<sst ${namespaces}>${[...strings.keys()].map(text => `<si><t xml:space="preserve">${xmlText(text)}</t></si>`).join('')}</sst>`;
  parts['xl/styles.xml'] = stylesXml([...formats.keys()]);
  if (title !== undefined) parts['docProps/core.xml'] = corePropertiesXml(title);
  return makeZip(parts);
}

function stylesXml(formats: string[]): string {
  const codes = formats.map(
    (code, index) => `<numFmt numFmtId="${200 + index}" formatCode="${xmlText(code)}"/>`,
  );
  const styles = formats.map((_, index) => `<xf numFmtId="${200 + index}"/>`);
  return `<styleSheet ${namespaces}><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join('')}</cellXfs></styleSheet>`;
}

function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}
