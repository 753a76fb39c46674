import { DocumentError } from '../../../errors.ts';
import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { RtfReader } from './rtf/rtf-reader.ts';
import { scanRtf } from './rtf/scan-rtf.ts';

/** Rich Text: its paragraphs, lists, tables and headings. */
export function parseRtf({ bytes }: DocumentFile): ParsedDocument {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!/^\s*\{\\rtf/.test(source.slice(0, 100)))
    throw new DocumentError('document_broken', 'The file is not Rich Text: it does not begin with {\\rtf.');
  const builder = new DocumentBuilder();
  const reader = new RtfReader(builder);
  scanRtf(source, reader);
  reader.end();
  if (builder.length === 0)
    throw new DocumentError('document_without_text', 'The file holds no text, only pictures or formatting.');
  return builder.build();
}
