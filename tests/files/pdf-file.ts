import { deflateSync } from 'node:zlib';
import { encryptPdfObject, type PdfEncryption, pdfEncryption } from './pdf-encryption.ts';

/** A piece of text; x and y in points from the page's lower left corner. */
export type PdfText = { text: string; x: number; y: number; size?: number; bold?: boolean };
/** Its texts, or a content stream as it is. */
export type PdfPage = PdfText[] | { content: string; attributes?: string };

type Options = {
  title?: string;
  /** Bookmarks: titles with their depth and the page (from 1) they lead to. */
  outline?: { title: string; depth: number; page: number }[];
  /** Opening needs `user`; an empty one opens for anybody. */
  passwords?: { user: string; owner: string };
  /** Default: content streams are packed. */
  packed?: boolean;
};

/** A PDF with A4 pages in Helvetica. */
export function makePdf(
  pages: PdfPage[],
  { title, outline = [], passwords, packed = true }: Options = {},
): Buffer {
  const encryption = passwords && pdfEncryption(passwords);
  const bodies = new Map<number, string | { dictionary: string; data: Buffer }>();
  const firstPage = 10;
  const pageIds = pages.map((_, index) => firstPage + 2 * index);
  const firstOutline = firstPage + 2 * pages.length;
  bodies.set(1, `<</Type/Catalog/Pages 2 0 R${outline.length > 0 ? `/Outlines ${firstOutline} 0 R` : ''}>>`);
  bodies.set(2, `<</Type/Pages/Count ${pages.length}/Kids[${pageIds.map(id => `${id} 0 R`).join(' ')}]>>`);
  bodies.set(3, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>');
  bodies.set(4, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>');
  for (const [index, page] of pages.entries()) {
    const id = pageIds[index] ?? 0;
    const attributes = Array.isArray(page) ? '' : (page.attributes ?? '');
    bodies.set(
      id,
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>/Contents ${id + 1} 0 R${attributes}>>`,
    );
    const content = Buffer.from(Array.isArray(page) ? page.map(showText).join('\n') : page.content, 'latin1');
    const data = packed ? deflateSync(content) : content;
    bodies.set(id + 1, { dictionary: packed ? '/Filter/FlateDecode' : '', data });
  }
  for (const [id, body] of outlineObjects(outline, firstOutline, pageIds)) bodies.set(id, body);
  if (title !== undefined) bodies.set(5, `<</Title ${pdfString(title, 5, encryption)}>>`);
  if (encryption) bodies.set(6, encryption.dictionary);
  return writeObjects(bodies, { hasInfo: title !== undefined, encryption });
}

/** Lines of a column, from the top down. */
export function pdfLines(
  lines: string[],
  { x = 72, top = 770, size = 10, leading = 12, bold = false } = {},
): PdfText[] {
  return lines.map((text, index) => ({ text, x, y: top - index * leading, size, bold }));
}

const showText = ({ text, x, y, size = 10, bold = false }: PdfText) =>
  `BT /${bold ? 'F2' : 'F1'} ${size} Tf ${x} ${y} Td (${escapeText(text)}) Tj ET`;

const escapeText = (text: string) =>
  text
    .replace(/[\\()]/g, '\\$&')
    .replaceAll('•', '\\225')
    .replaceAll('–', '\\226');

function pdfString(text: string, id: number, encryption: PdfEncryption | undefined): string {
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  return `<${(encryption ? encryptPdfObject(encryption, id, utf16) : utf16).toString('hex')}>`;
}

function outlineObjects(
  outline: { title: string; depth: number; page: number }[],
  first: number,
  pageIds: number[],
): [id: number, body: string][] {
  if (outline.length === 0) return [];
  const idOf = (index: number) => `${first + 1 + index} 0 R`;
  const parentOf = (index: number) =>
    outline.findLastIndex(({ depth }, other) => other < index && depth < (outline[index]?.depth ?? 0));
  const childrenOf = (parent: number) =>
    outline.map((_, index) => index).filter(index => parentOf(index) === parent);
  const links = (parent: number) => {
    const children = childrenOf(parent);
    const [head] = children;
    const tail = children.at(-1);
    return head === undefined || tail === undefined
      ? ''
      : `/First ${idOf(head)}/Last ${idOf(tail)}/Count ${children.length}`;
  };
  const items = outline.map(({ title, page }, index): [number, string] => {
    const parent = parentOf(index);
    const next = childrenOf(parent).find(sibling => sibling > index);
    const target = `/Dest[${pageIds[page - 1]} 0 R/Fit]`;
    const place = `/Parent ${parent < 0 ? first : first + 1 + parent} 0 R${next === undefined ? '' : `/Next ${idOf(next)}`}`;
    return [
      first + 1 + index,
      `<</Title ${pdfString(title, 0, undefined)}${place}${links(index)}${target}>>`,
    ];
  });
  return [[first, `<</Type/Outlines${links(-1)}>>`], ...items];
}

function writeObjects(
  bodies: Map<number, string | { dictionary: string; data: Buffer }>,
  { hasInfo, encryption }: { hasInfo: boolean; encryption: PdfEncryption | undefined },
): Buffer {
  const parts = [Buffer.from('%PDF-1.5\n%\xe2\xe3\n', 'latin1')];
  const offsets = new Map<number, number>();
  let length = parts[0]?.length ?? 0;
  const write = (part: Buffer | string) => {
    const bytes = Buffer.from(part);
    parts.push(bytes);
    length += bytes.length;
  };
  for (const [id, body] of bodies) {
    offsets.set(id, length);
    if (typeof body === 'string') {
      write(`${id} 0 obj\n${body}\nendobj\n`);
      continue;
    }
    const data = encryption ? encryptPdfObject(encryption, id, body.data) : body.data;
    write(`${id} 0 obj\n<<${body.dictionary}/Length ${data.length}>>\nstream\n`);
    write(data);
    write('\nendstream\nendobj\n');
  }
  const size = Math.max(...bodies.keys()) + 1;
  const start = length;
  const entries = Array.from({ length: size }, (_, id) => {
    const offset = offsets.get(id);
    return offset === undefined ? '0000000000 65535 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const trailer = `/Root 1 0 R${hasInfo ? '/Info 5 0 R' : ''}${encryption ? `/Encrypt 6 0 R/ID[${encryption.id}${encryption.id}]` : ''}`;
  write(
    `xref\n0 ${size}\n${entries.join('')}trailer\n<</Size ${size}${trailer}>>\nstartxref\n${start}\n%%EOF\n`,
  );
  return Buffer.concat(parts);
}
