import { makeZip } from './zip-file.ts';

export const xmlText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

type WordDocument = {
  /** From wordParagraph, wordTable, or any WordprocessingML. */
  body: string[];
  /** WordprocessingML of further `w:style` elements. */
  styles?: string;
  /** By id, from 1. */
  footnotes?: string[];
  title?: string;
  /** Further relationships of the document. */
  relationships?: string;
  /** Further parts, or other contents of those that are there. */
  parts?: Record<string, string | Uint8Array>;
};

const namespaces =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ' +
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ' +
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ' +
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ' +
  'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"';
const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export function wordParagraph(
  text: string,
  { style, bold = false }: { style?: string; bold?: boolean } = {},
) {
  const properties = style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : '';
  return `<w:p>${properties}${wordRun(text, { bold })}</w:p>`;
}

export const wordRun = (text: string, { bold = false }: { bold?: boolean } = {}) =>
  `<w:r>${bold ? '<w:rPr><w:b/></w:rPr>' : ''}<w:t xml:space="preserve">${xmlText(text)}</w:t></w:r>`;

/** An item of the list that numbering.xml defines: 1 is bulleted, 2 numbered. */
export const wordListItem = (text: string, { list = 1, depth = 0 }: { list?: 1 | 2; depth?: number } = {}) =>
  `<w:p><w:pPr><w:numPr><w:ilvl w:val="${depth}"/><w:numId w:val="${list}"/></w:numPr></w:pPr>${wordRun(text)}</w:p>`;

export const wordTable = (rows: string[][], { boldHeader = false }: { boldHeader?: boolean } = {}) =>
  `<w:tbl>${rows
    .map((cells, row) => {
      const bold = boldHeader && row === 0;
      return `<w:tr>${cells.map(cell => `<w:tc>${wordParagraph(cell, { bold })}</w:tc>`).join('')}</w:tr>`;
    })
    .join('')}</w:tbl>`;

export function makeDocx({
  body,
  styles = '',
  footnotes = [],
  title,
  relationships = '',
  parts = {},
}: WordDocument) {
  const heading = (level: number) =>
    `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`;
  const notes = footnotes
    .map((note, index) => `<w:footnote w:id="${index + 1}">${wordParagraph(note)}</w:footnote>`)
    .join('');
  const level = (format: string) =>
    [0, 1, 2]
      .map(depth => `<w:lvl w:ilvl="${depth}"><w:start w:val="1"/><w:numFmt w:val="${format}"/></w:lvl>`)
      .join('');
  return makeZip({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    '_rels/.rels': relationshipsXml(
      `<Relationship Id="r1" Type="${types}/officeDocument" Target="word/document.xml"/>`,
    ),
    'word/document.xml': `<w:document ${namespaces}><w:body>${body.join('')}</w:body></w:document>`,
    'word/_rels/document.xml.rels': relationshipsXml(relationships),
    'word/styles.xml': `<w:styles ${namespaces}>${[1, 2, 3].map(heading).join('')}<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>${styles}</w:styles>`,
    'word/numbering.xml': `<w:numbering ${namespaces}><w:abstractNum w:abstractNumId="1">${level('bullet')}</w:abstractNum><w:abstractNum w:abstractNumId="2">${level('decimal')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num></w:numbering>`,
    'word/footnotes.xml': `<w:footnotes ${namespaces}>${notes}</w:footnotes>`,
    ...(title === undefined ? {} : { 'docProps/core.xml': corePropertiesXml(title) }),
    ...parts,
  });
}

export const relationshipsXml = (content: string) =>
  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${content}</Relationships>`;

export const corePropertiesXml = (title: string) =>
  `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${xmlText(title)}</dc:title></cp:coreProperties>`;
