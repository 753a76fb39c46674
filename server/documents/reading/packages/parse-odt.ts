import { DocumentError } from '../../../errors.ts';
import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { scanMarkup } from '../scan-markup.ts';
import { openPackage, readPart, readTitle } from './open-package.ts';
import { OdtReader } from './opendocument/odt-reader.ts';
import { readStyles } from './opendocument/read-styles.ts';
import type { ZipArchive } from './zip-archive.ts';

/** An OpenDocument text (LibreOffice): headings, lists, tables, notes; without remarks and deleted text. */
export async function parseOdt({ bytes }: DocumentFile): Promise<ParsedDocument> {
  const archive = await openPackage(bytes);
  await refuseEncrypted(archive);
  const content = await readPart(archive, 'content.xml', 'OpenDocument text (.odt)');
  const builder = new DocumentBuilder();
  builder.title = await readTitle(archive, 'meta.xml');
  const reader = new OdtReader(builder, readStyles(await archive.readText('styles.xml'), content));
  scanMarkup(content, reader, 'xml');
  reader.end();
  return builder.build();
}

/** A password encrypts the parts, which the manifest tells, and not the archive. */
async function refuseEncrypted(archive: ZipArchive): Promise<void> {
  const manifest = await archive.readText('META-INF/manifest.xml');
  let isEncrypted = false;
  const open = (name: string) => {
    if (name === 'encryption-data') isEncrypted = true;
  };
  scanMarkup(manifest ?? '', { open }, 'xml');
  if (isEncrypted)
    throw new DocumentError(
      'document_encrypted',
      'The file is protected with a password. Save it without one and upload it again.',
    );
}
