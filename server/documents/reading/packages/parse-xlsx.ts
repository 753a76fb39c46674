import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { openPackage, readTitle } from './open-package.ts';
import { readWorkbook } from './sheets/read-workbook.ts';
import { scanWorksheet } from './sheets/scan-worksheet.ts';
import { SheetWriter } from './sheets/sheet-writer.ts';

/** A workbook: each sheet that is shown under its name, then its rows. */
export async function parseXlsx({ bytes }: DocumentFile): Promise<ParsedDocument> {
  const archive = await openPackage(bytes);
  const workbook = await readWorkbook(archive);
  const builder = new DocumentBuilder();
  builder.title = await readTitle(archive, 'docProps/core.xml');
  for (const { name, partName } of workbook.sheets) {
    const xml = await archive.readText(partName);
    if (xml === undefined) continue;
    const writer = new SheetWriter(builder, name);
    scanWorksheet(xml, workbook, cells => writer.row(cells));
    writer.end();
  }
  return builder.build();
}
