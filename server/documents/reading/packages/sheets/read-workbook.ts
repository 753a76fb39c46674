import { scanMarkup } from '../../scan-markup.ts';
import { readPart } from '../open-package.ts';
import { findMainPart, readRelationships } from '../read-relationships.ts';
import type { ZipArchive } from '../zip-archive.ts';
import { type CellFormats, kindOfFormat, type NumberKind } from './format-cell.ts';

export type Workbook = {
  /** Those that are shown, in their order. */
  sheets: { name: string; partName: string }[];
  sharedStrings: string[];
  formats: CellFormats;
};

/** What a workbook's cells refer to. */
export async function readWorkbook(archive: ZipArchive): Promise<Workbook> {
  const main = await findMainPart(archive, 'xl/workbook.xml');
  const xml = await readPart(archive, main, 'Excel workbook (.xlsx)');
  const relationships = await readRelationships(archive, main);
  const partOf = (type: string) => [...relationships.values()].find(one => one.type === type)?.target;
  const { listed, isDate1904 } = readSheetList(xml);
  const sheets = new Map<string, { name: string; partName: string }>();
  for (const { name, id } of listed) {
    const target = relationships.get(id);
    if (target?.type === 'worksheet') sheets.set(target.target, { name, partName: target.target });
  }
  const strings = await archive.readText(partOf('sharedStrings') ?? 'xl/sharedStrings.xml');
  const styles = await archive.readText(partOf('styles') ?? 'xl/styles.xml');
  return {
    sheets: [...sheets.values()],
    sharedStrings: readSharedStrings(strings ?? ''),
    formats: { kinds: readNumberKinds(styles ?? ''), isDate1904 },
  };
}

function readSheetList(xml: string): { listed: { name: string; id: string }[]; isDate1904: boolean } {
  const listed: { name: string; id: string }[] = [];
  let isDate1904 = false;
  scanMarkup(
    xml,
    {
      open: (name, attributes) => {
        if (name === 'workbookPr') isDate1904 = /^(1|true)$/.test(attributes.date1904 ?? '');
        if (name === 'sheet' && !/hidden/i.test(attributes.state ?? ''))
          listed.push({ name: attributes.name ?? '', id: attributes['r:id'] ?? '' });
      },
    },
    'xml',
  );
  return { listed, isDate1904 };
}

function readSharedStrings(xml: string): string[] {
  const strings: string[] = [];
  let text: string[] = [];
  let isText = false;
  let isPhonetic = false;
  scanMarkup(
    xml,
    {
      open: name => {
        if (name === 'si') text = [];
        else if (name === 'rPh') isPhonetic = true;
        else if (name === 't') isText = !isPhonetic;
      },
      close: name => {
        if (name === 'si') strings.push(text.join(''));
        else if (name === 'rPh') isPhonetic = false;
        else if (name === 't') isText = false;
      },
      text: piece => {
        if (isText) text.push(piece);
      },
    },
    'xml',
  );
  return strings;
}

/** For each cell style (`s` of a cell), how it shows numbers. */
function readNumberKinds(xml: string): NumberKind[] {
  const codes = new Map<number, string>();
  const kinds: NumberKind[] = [];
  let isInCellFormats = false;
  scanMarkup(
    xml,
    {
      open: (name, attributes) => {
        const id = Number(attributes.numFmtId ?? 0);
        if (name === 'cellXfs') isInCellFormats = true;
        else if (name === 'numFmt') codes.set(id, attributes.formatCode ?? '');
        else if (name === 'xf' && isInCellFormats) kinds.push(kindOfFormat(id, codes.get(id)));
      },
      close: name => {
        if (name === 'cellXfs') isInCellFormats = false;
      },
    },
    'xml',
  );
  return kinds;
}
