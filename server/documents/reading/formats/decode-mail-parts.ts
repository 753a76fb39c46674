import { isUtf8 } from 'node:buffer';
import { detectLegacyEncoding } from '../encoding/detect-legacy-encoding.ts';
import { findDeclaredEncoding } from '../encoding/text-declarations.ts';
import { TextSample } from '../encoding/text-sample.ts';
import type { DocumentNote } from '../parsed-document.ts';

/** What old programs of Western Europe and America write, when nothing shows another. */
const USUAL = 'windows-1252';

/**
 * An e-mail whose letters beyond ASCII stand there as they are, without a word about their encoding (RFC 2045 has it
 * be ASCII), in UTF-8: headers as well as each part's text, in the encoding that the part shows.
 */
export function decodeMailParts(bytes: Uint8Array): { bytes: Uint8Array; notes: DocumentNote[] } {
  if (isUtf8(bytes)) return { bytes, notes: [] };
  const mail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const labels = new Set<string>();
  const parts = splitParts(mail).map((part, index) => {
    const end = /(?:^|\r?\n)\r?\n/.exec(part)?.index ?? part.length;
    const headers = Buffer.from(part.slice(0, end), 'latin1');
    const body = Buffer.from(part.slice(end), 'latin1');
    const label = isUtf8(body) || hasEncoding(part.slice(0, end)) ? undefined : findEncoding(body);
    if (label !== undefined) labels.add(label);
    return [
      index === 0 && !isUtf8(headers) ? decode(headers, USUAL) : headers,
      label === undefined ? body : decode(body, label),
    ];
  });
  const notes = [...labels].map((label): DocumentNote => {
    const message = `Read as ${label}: the e-mail names no encoding that fits.`;
    return { code: 'encoding_detected', message };
  });
  return { bytes: Buffer.concat(parts.flat()), notes };
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
