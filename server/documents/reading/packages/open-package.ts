import { DocumentError } from '../../../errors.ts';
import { scanMarkup } from '../scan-markup.ts';
import { ZipArchive } from './zip-archive.ts';

/** Compound files: what Office packs a file with a password into, and the format of Office before 2007. */
const compoundFileMagic = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/**
 * Opens a zip that should hold an Office, OpenDocument or EPUB document.
 *
 * @throws DocumentError document_encrypted, document_broken, unsupported_media_type (an old Office format).
 */
export async function openPackage(bytes: Uint8Array): Promise<ZipArchive> {
  if (compoundFileMagic.equals(bytes.subarray(0, compoundFileMagic.length))) {
    if (Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le')))
      throw new DocumentError(
        'document_encrypted',
        'The file is protected with a password. Save it without one and upload it again.',
      );
    throw new DocumentError(
      'unsupported_media_type',
      'The file has the format of Office before 2007 (.doc, .xls, .ppt). Save it as .docx, .xlsx or .pptx.',
    );
  }
  return ZipArchive.open(bytes);
}

/** @param what names the kind of file to people: "Word document (.docx)". */
export async function readPart(archive: ZipArchive, name: string, what: string): Promise<string> {
  requirePart(archive, name, what);
  return (await archive.readText(name)) ?? '';
}

/** @throws DocumentError document_broken when the archive holds something else. */
export function requirePart(archive: ZipArchive, name: string, what: string): void {
  if (!archive.find(name))
    throw new DocumentError(
      'document_broken',
      `The file is not ${/^[aeiou]/i.test(what) ? 'an' : 'a'} ${what}: "${name}" is missing in it.`,
    );
}

/** The title among a document's properties: dc:title in docProps/core.xml or in OpenDocument's meta.xml. */
export async function readTitle(archive: ZipArchive, partName: string): Promise<string | undefined> {
  const xml = await archive.readText(partName);
  let title = '';
  let isInside = false;
  scanMarkup(
    xml ?? '',
    {
      open: name => {
        isInside = name === 'title' && title === '';
      },
      close: () => {
        isInside = false;
      },
      text: text => {
        if (isInside) title += text;
      },
    },
    'xml',
  );
  return title.replace(/\s+/g, ' ').trim() || undefined;
}
