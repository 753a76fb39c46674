import PostalMime, { type Address, type Email } from 'postal-mime';
import { DocumentError } from '../../../errors.ts';
import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { decodeMailParts } from './decode-mail-parts.ts';
import { dropAttachments } from './drop-attachments.ts';
import { renderHtml } from './render-html.ts';

/** Without one of these a file is no e-mail, even if its first line has a colon. */
const usualHeaders = new Set(
  'from to cc subject date sender received message-id return-path mime-version content-type'.split(' '),
);
const MOST_NAMED_ATTACHMENTS = 10;
/** The library keeps two kilobytes for each line: 200 MB for so many. */
const MOST_LINES = 100_000;

/** An e-mail: who wrote it to whom about what, and its text; attachments are only named. */
export async function parseEml({ bytes }: DocumentFile): Promise<ParsedDocument> {
  const { bytes: texts, notes } = decodeMailParts(dropAttachments(bytes));
  const email = await readEmail(texts);
  if (!email.headers.some(({ key }) => usualHeaders.has(key)))
    throw new DocumentError('document_broken', 'The file is not an e-mail: it does not begin with headers.');
  const builder = new DocumentBuilder();
  builder.title = cleanLine(email.subject) || undefined;
  builder.paragraph(describeHeaders(email));
  writeBody(email, builder);
  for (const note of notes) builder.note(note);
  noteAttachments(email, builder);
  return builder.build();
}

async function readEmail(texts: Uint8Array): Promise<Email> {
  refuseManyLines(texts);
  try {
    return await PostalMime.parse(texts);
  } catch (cause) {
    throw new DocumentError(
      'document_too_complex',
      'The e-mail can’t be read: its parts are nested too deeply, or its headers are too long.',
      { cause },
    );
  }
}

function refuseManyLines(bytes: Uint8Array): void {
  let lines = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, end + 1)) lines++;
  if (lines > MOST_LINES)
    throw new DocumentError(
      'document_too_complex',
      'The e-mail has too many lines to be read. Save its text as a file and upload that.',
    );
}

function describeHeaders(email: Email): string {
  const lines: [name: string, value: string | undefined][] = [
    ['Subject', email.subject],
    ['From', email.from && describeAddress(email.from)],
    ['To', email.to?.map(describeAddress).join(', ')],
    ['Cc', email.cc?.map(describeAddress).join(', ')],
    ['Date', email.headers.find(({ key }) => key === 'date')?.value],
  ];
  return lines
    .map(([name, value]) => [name, cleanLine(value)])
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function describeAddress(address: Address): string {
  if (address.group) return `${address.name}: ${address.group.map(describeAddress).join(', ')}`;
  return address.name === '' ? address.address : `${address.name} <${address.address}>`;
}

/** The plain text when there is one: it says the same as the HTML, without its decoration. */
function writeBody({ text, html }: Email, builder: DocumentBuilder): void {
  if (text !== undefined && text.trim() !== '')
    for (const paragraph of text.replace(/\r\n?/g, '\n').split(/\n[^\S\n]*\n/)) builder.paragraph(paragraph);
  else if (html !== undefined) renderHtml(html, builder);
}

function noteAttachments({ attachments }: Email, builder: DocumentBuilder): void {
  // Pictures that the HTML shows are part of its decoration.
  const names = attachments
    .filter(({ related }) => !related)
    .map(({ filename, mimeType }) => cleanLine(filename ?? mimeType));
  if (names.length === 0) return;
  const listed = names.slice(0, MOST_NAMED_ATTACHMENTS).join(', ');
  const more =
    names.length > MOST_NAMED_ATTACHMENTS ? ` and ${names.length - MOST_NAMED_ATTACHMENTS} more` : '';
  const message = `Attachments are not read: ${listed}${more}. Upload them as files of their own.`;
  builder.note({ code: 'content_skipped', message });
}

/** A header's value in one line. */
const cleanLine = (value = '') =>
  value
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 2_000);
