import { xmlText } from './docx-file.ts';
import { makeZip } from './zip-file.ts';

const namespaces = ['office', 'text', 'table', 'style', 'draw', 'meta', 'svg']
  .map(name => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(' ');

export const odtHeading = (level: number, text: string) =>
  `<text:h text:outline-level="${level}">${xmlText(text)}</text:h>`;
export const odtParagraph = (text: string) => `<text:p text:style-name="Standard">${xmlText(text)}</text:p>`;

/** Items are text or ODF; style L1 has bullets, L2 numbers. */
export const odtList = (items: string[], style: 'L1' | 'L2' = 'L1') =>
  `<text:list text:style-name="${style}">${items.map(item => `<text:list-item>${item.startsWith('<') ? item : odtParagraph(item)}</text:list-item>`).join('')}</text:list>`;

/** The first row is a header. */
export function odtTable([header = [], ...rows]: string[][]): string {
  const row = (cells: string[]) =>
    `<table:table-row>${cells.map(cell => `<table:table-cell>${odtParagraph(cell)}</table:table-cell>`).join('')}</table:table-row>`;
  return `<table:table><table:table-header-rows>${row(header)}</table:table-header-rows>${rows.map(row).join('')}</table:table>`;
}

/** @param body ODF, from the functions above or as it is. */
export function makeOdt(
  body: string[],
  { title, encrypted = false }: { title?: string; encrypted?: boolean } = {},
) {
  const encryption = encrypted ? '<manifest:encryption-data/>' : '';
  return makeZip([
    { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true },
    {
      name: 'META-INF/manifest.xml',
      data: `<manifest:manifest><manifest:file-entry manifest:full-path="content.xml">${encryption}</manifest:file-entry></manifest:manifest>`,
    },
    {
      name: 'meta.xml',
      data: `<office:document-meta ${namespaces}><office:meta><meta:generator>test</meta:generator>${title === undefined ? '' : `<dc:title>${xmlText(title)}</dc:title>`}</office:meta></office:document-meta>`,
    },
    {
      name: 'content.xml',
      data: `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${namespaces}><office:automatic-styles><style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/><text:list-style style:name="L1"><text:list-level-style-bullet text:level="1"/></text:list-style><text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style></office:automatic-styles><office:body><office:text>${body.join('\n')}</office:text></office:body></office:document-content>`,
    },
  ]);
}
