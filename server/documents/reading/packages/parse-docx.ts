import mammoth from 'mammoth';
import { DocumentError } from '../../../errors.ts';
import { DocumentBuilder } from '../document-builder.ts';
import { renderHtml } from '../formats/render-html.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { openPackage, readTitle, requirePart } from './open-package.ts';
import { findMainPart } from './read-relationships.ts';
import { headingStyleMap } from './word/heading-style-map.ts';
import { markHeaderRows } from './word/mark-header-rows.ts';
import { slimWordXml } from './word/slim-word-xml.ts';
import type { ZipArchive } from './zip-archive.ts';

/** UTF-16 units of what mammoth reads: its trees are about 35 times as large, and that fits a worker's heap. */
const LONGEST_XML = 12 * 1024 * 1024;

/** A Word document: headings by their styles, lists, tables, footnotes; without pictures and deleted text. */
export async function parseDocx({ bytes }: DocumentFile): Promise<ParsedDocument> {
  const archive = await openPackage(bytes);
  requirePart(archive, await findMainPart(archive, 'word/document.xml'), 'Word document (.docx)');
  const styles = await archive.readText('word/styles.xml');
  const html = await convertToHtml(archive, headingStyleMap(styles ?? ''));
  const builder = new DocumentBuilder();
  builder.title = await readTitle(archive, 'docProps/core.xml');
  renderHtml(html, builder);
  return builder.build();
}

async function convertToHtml(archive: ZipArchive, styleMap: string[]): Promise<string> {
  // mammoth's own zip reader has no limits. `file` is what its browser build passes; with an empty path it is used.
  const input = { path: '', file: wordParts(archive) };
  try {
    const { value } = await mammoth.convertToHtml(input, {
      styleMap,
      includeEmbeddedStyleMap: false,
      externalFileAccess: false,
      convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
      transformDocument: markHeaderRows,
    });
    // The way back from a note to its place in the text.
    return value.replace(/<a href="#(?:foot|end)note-ref-[^"]*">↑<\/a>/g, '').replace(/<img[^>]*>/g, '');
  } catch (error) {
    throw asDocumentError(error);
  }
}

/** What mammoth reads from: the package's parts, under the archive's limits, and no pictures. */
function wordParts(archive: ZipArchive) {
  let length = 0;
  return {
    exists: (name: string) => archive.find(name) !== undefined && /\.(xml|rels)$/i.test(name),
    read: async (name: string) => {
      const text = slimWordXml((await archive.readText(name)) ?? '');
      length += text.length;
      if (length <= LONGEST_XML) return text;
      throw new DocumentError(
        'document_too_complex',
        'The Word document is too large to be read at once. Split it, or export it as text or PDF.',
      );
    },
  };
}

function asDocumentError(error: unknown): DocumentError {
  if (error instanceof DocumentError) return error;
  // mammoth walks its trees recursively.
  if (error instanceof RangeError)
    return new DocumentError(
      'document_too_complex',
      'The Word document holds too many parts within each other.',
      { cause: error },
    );
  return new DocumentError(
    'document_broken',
    'The Word document is damaged: its content is not valid. Open it in Word and save it again.',
    { cause: error },
  );
}
