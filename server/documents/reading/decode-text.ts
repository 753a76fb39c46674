import { TextInspector } from './inspect-text.ts';
import type { DocumentNote } from './parsed-document.ts';

/**
 * A text file's bytes as normalised text: without a byte order mark, line ends as \n, NUL removed
 * (PostgreSQL can't store it). All offsets count in this text.
 *
 * Read as UTF-8 or UTF-16, or in an older encoding when the file shows clearly which.
 *
 * @param charset of the Content-Type header that the file came with. Its byte order mark and its being valid UTF-8
 *   count for more, what it says itself for less (HTML standard, "determining the character encoding").
 *
 * @throws DocumentError unsupported_media_type, document_not_utf8 (naming the byte), document_not_text,
 *   document_empty.
 */
export function decodeText(bytes: Uint8Array, charset?: string): { text: string; notes: DocumentNote[] } {
  const inspector = new TextInspector(charset);
  inspector.push(bytes);
  const { label, evidence } = inspector.finish();
  const notes: DocumentNote[] = [];
  if (evidence !== undefined)
    notes.push({ code: 'encoding_detected', message: `Read as ${label}: ${evidence}.` });
  const decoded = decode(bytes, label);
  // The bytes that an older encoding leaves free decode to these; they show nothing.
  const isOlder = !label.startsWith('utf-');
  const text = decoded.replace(isOlder ? /[\0\x80-\x9F]/g : /\0/g, '').replace(/\r\n?/g, '\n');
  return { text, notes: [...notes, ...noteRemoved(decoded), ...(isOlder ? noteUnreadable(text) : [])] };
}

/** A byte order mark is left out by the decoder; half a UTF-16 unit at the end is left out as well. */
function decode(bytes: Uint8Array, label: string): string {
  const isWide = label.startsWith('utf-16');
  return new TextDecoder(label).decode(isWide ? bytes.subarray(0, bytes.length & ~1) : bytes);
}

function noteRemoved(decoded: string): DocumentNote[] {
  const count = decoded.split('\0').length - 1;
  if (count === 0) return [];
  const what = count === 1 ? '1 NUL character was' : `${count} NUL characters were`;
  return [{ code: 'characters_removed', message: `${what} removed.` }];
}

function noteUnreadable(text: string): DocumentNote[] {
  const count = text.split('\uFFFD').length - 1;
  if (count === 0) return [];
  const what = count === 1 ? '1 character' : `${count} characters`;
  return [{ code: 'content_repaired', message: `${what} could not be read, shown as \uFFFD.` }];
}
