import { detectFormat } from './detect-format.ts';
import type { Format } from './format.ts';
import type { DocumentFile, ParsedDocument, Parser } from './parsed-document.ts';

/** Each parser with its library is loaded when its first file comes. */
const parsers: Record<Format, () => Promise<Parser>> = {
  text: async () => (await import('./formats/parse-text.ts')).parseText,
  markdown: async () => (await import('./formats/parse-markdown.ts')).parseMarkdown,
  html: async () => (await import('./formats/parse-html.ts')).parseHtml,
  csv: async () => (await import('./formats/parse-csv.ts')).parseCsv,
  json: async () => (await import('./formats/parse-json.ts')).parseJson,
  'source-code': async () => (await import('./formats/parse-source-code.ts')).parseSourceCode,
  rtf: async () => (await import('./formats/parse-rtf.ts')).parseRtf,
  eml: async () => (await import('./formats/parse-eml.ts')).parseEml,
  pdf: async () => (await import('./pdf/parse-pdf.ts')).parsePdf,
  docx: async () => (await import('./packages/parse-docx.ts')).parseDocx,
  pptx: async () => (await import('./packages/parse-pptx.ts')).parsePptx,
  xlsx: async () => (await import('./packages/parse-xlsx.ts')).parseXlsx,
  odt: async () => (await import('./packages/parse-odt.ts')).parseOdt,
  epub: async () => (await import('./packages/parse-epub.ts')).parseEpub,
  zip: async () => {
    const { parseZip } = await import('./packages/parse-zip.ts');
    return file => parseZip(file, parseMember);
  },
};

export function parserOf(format: Format): Promise<Parser> {
  return parsers[format]();
}

/** A file within an archive; undefined when it is an archive itself. @throws DocumentError */
async function parseMember(file: DocumentFile): Promise<ParsedDocument | undefined> {
  const { format } = detectFormat(file.filename, file.bytes.subarray(0, 4_096));
  if (format === 'zip') return undefined;
  return await (await parserOf(format))(file);
}
