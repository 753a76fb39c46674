import { isUtf8 } from 'node:buffer';
import { detectLegacyEncoding } from '../encoding/detect-legacy-encoding.ts';
import { findDeclaredEncoding } from '../encoding/text-declarations.ts';
import { TextSample } from '../encoding/text-sample.ts';
import type { DocumentNote } from '../parsed-document.ts';

/** What old programs of Western Europe and America write, when nothing shows another. */
const USUAL = 'windows-1252';

/**
 * An e-mail whose letters beyond ASCII stand there without a word about their encoding (RFC 2045 has it be ASCII),
 * in UTF-8 or with that word: headers as well as each part's text, in the encoding that the part shows.
 */
export function decodeMailParts(bytes: Uint8Array): { bytes: Uint8Array; notes: DocumentNote[] } {
  const mail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const labels = new Set<string>();
  const parts = splitParts(mail).map((part, index) => {
    const end = /(?:^|\r?\n)\r?\n/.exec(part)?.index ?? part.length;
    let headers: Uint8Array = Buffer.from(part.slice(0, end), 'latin1');
    if (index === 0 && !isUtf8(headers)) headers = decode(headers, USUAL);
    const body = Buffer.from(part.slice(end), 'latin1');
    const transferred = decodeTransfer(part.slice(0, end), part.slice(end));
    const content = transferred ?? body;
    if (isUtf8(content) || hasEncoding(part.slice(0, end))) return [headers, body];
    const label = findEncoding(content);
    labels.add(label);
    return transferred ? [declareEncoding(headers, label), body] : [headers, decode(body, label)];
  });
  const notes = [...labels].map((label): DocumentNote => {
    const message = `Read as ${label}: the e-mail names no encoding that fits.`;
    return { code: 'encoding_detected', message };
  });
  return { bytes: Buffer.concat(parts.flat()), notes };
}

/** The bytes of a text that travels as ASCII (RFC 2045, 6.7 and 6.8); undefined when it does not. */
function decodeTransfer(headers: string, body: string): Uint8Array | undefined {
  const type = /^content-type\s*:\s*([a-z]+)\//im.exec(headers)?.[1] ?? 'text';
  if (type.toLowerCase() !== 'text') return undefined;
  const encoding = /^content-transfer-encoding\s*:\s*"?(quoted-printable|base64)\b/im.exec(headers)?.[1];
  if (encoding === undefined) return undefined;
  // The boundary after it would be decoded as well.
  const own = body.replace(/\n--\S[\s\S]*$/, '\n');
  if (encoding.toLowerCase() === 'base64') return Buffer.from(own, 'base64');
  const lines = own.replace(/=[ \t]*\r?\n/g, '');
  const text = lines.replace(/=([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(text, 'latin1');
}

/** The headers of a part with the encoding of its text, in place of one that does not fit. */
function declareEncoding(headers: Uint8Array, label: string): Uint8Array {
  const text = Buffer.from(headers).toString('latin1');
  const declared = text
    .replace(/^(content-type\s*:(?:.|\r?\n[ \t])*?);\s*charset\s*=\s*(?:"[^"\n]*"|[^\s;]+)/im, '$1')
    .replace(/^content-type\s*:\s*[^\s;]+/im, `$&; charset=${label}`);
  if (declared !== text) return Buffer.from(declared, 'latin1');
  return Buffer.from(`${text}\r\nContent-Type: text/plain; charset=${label}`, 'latin1');
}

/** The mail's headers with what follows them, then each part; a part ends with the boundary after it. */
function splitParts(mail: string): string[] {
  const boundaries = new Set(
    Array.from(
      mail.matchAll(/boundary\s*=\s*(?:"([^"\n]+)"|([^\s;]+))/gi),
      ([, quoted, plain]) => `--${quoted ?? plain}`,
    ),
  );
  const parts: string[] = [];
  let start = 0;
  for (let end = mail.indexOf('\n'); end >= 0; end = mail.indexOf('\n', end + 1)) {
    const lineStart = mail.lastIndexOf('\n', end - 1) + 1;
    if (!mail.startsWith('--', lineStart) || !boundaries.has(mail.slice(lineStart, end).trimEnd())) continue;
    parts.push(mail.slice(start, end + 1));
    start = end + 1;
  }
  return [...parts, mail.slice(start)];
}

/** UTF-8 is none where the bytes are no UTF-8. */
function hasEncoding(headers: string): boolean {
  const name = /^content-type\s*:(?:.|\r?\n[ \t])*?charset\s*=\s*"?([^\s";]+)/im.exec(headers)?.[1];
  return name !== undefined && !/^utf-?8$/i.test(name);
}

function findEncoding(body: Uint8Array): string {
  const sample = new TextSample();
  sample.push(body);
  return findDeclaredEncoding(body.subarray(0, 4096)) ?? detectLegacyEncoding(sample.bytes()) ?? USUAL;
}

const decode = (bytes: Uint8Array, label: string) => Buffer.from(new TextDecoder(label).decode(bytes));
