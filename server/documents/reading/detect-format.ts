import { extname } from 'node:path';
import { DocumentError } from '../../errors.ts';
import { detectBinaryFormat } from './detect-binary-format.ts';
import { findZipContent } from './find-zip-content.ts';
import type { Format } from './format.ts';
import { readableFormats, readableNames } from './readable-formats.ts';

export type DetectedFormat = { format: Format; mediaType: string };

/** The endings of all files that are read, with the dot. */
export const readableEndings: string[] = readableFormats.flatMap(({ endings }) => endings);

const formatsByEnding = new Map(
  readableFormats.flatMap(({ format, mediaType, endings }) =>
    endings.map((ending): [string, DetectedFormat] => [ending, { format, mediaType }]),
  ),
);

/** Whether a file's name alone says that it is read: for programs that choose among many files. */
export const isReadableName = (filename: string): boolean => findByName(filename) !== undefined;

/**
 * Whether a file of this format is text from its first byte to its last, so that a TextInspector can judge it.
 * RTF and e-mails may hold binary parts.
 */
export const isTextLike = (format: Format): boolean =>
  ['text', 'markdown', 'html', 'csv', 'json', 'source-code'].includes(format);

/**
 * What a file is: its name's ending says it, and its first bytes must agree.
 *
 * @param head the file's first bytes; 4 KB tell everything.
 * @throws DocumentError unsupported_media_type, document_empty
 */
export function detectFormat(filename: string, head: Uint8Array): DetectedFormat {
  const named = findByName(filename);
  const binary = detectBinaryFormat(head);
  if (!named) throw unsupported(`“${filename}” ${describeUnknown(filename, binary)}.`);
  if (head.length === 0) throw new DocumentError('document_empty', 'The file is empty: it has no bytes.');
  const contradiction = contradict(named.format, head, binary);
  if (contradiction)
    throw unsupported(`“${filename}” is named ${describeName(filename)} but ${contradiction}.`);
  return named;
}

function findByName(filename: string): DetectedFormat | undefined {
  const byEnding = formatsByEnding.get(extname(filename).toLowerCase());
  if (byEnding) return byEnding;
  const found = readableNames.find(({ names }) => names.test(filename.toLowerCase()));
  return found && { format: found.format, mediaType: found.mediaType };
}

/** What the file's first bytes say against its name. */
function contradict(format: Format, head: Uint8Array, binary: string | undefined): string | undefined {
  if (format === 'pdf') return isPdf(head) ? undefined : `is ${binary ?? 'no PDF'}`;
  if (format === 'rtf')
    return /^\s*\{\\rtf/.test(startOf(head)) ? undefined : `is ${binary ?? 'no Rich Text'}`;
  if (isTextLike(format) || format === 'eml') return binary && `is ${binary}`;
  return contradictZip(format, head, binary);
}

function contradictZip(format: Format, head: Uint8Array, binary: string | undefined): string | undefined {
  const isCompound = head[0] === 0xd0 && head[1] === 0xcf;
  // Office keeps what has a password in a compound file: its parser tells that from a document of the old kind.
  if (isCompound && ['docx', 'xlsx', 'pptx'].includes(format)) return undefined;
  if (isCompound)
    return `is an Office document of the old kind or with a password: save it as .${format} without one`;
  if (!['PK\x03\x04', 'PK\x05\x06'].includes(startOf(head).slice(0, 4))) return `is ${binary ?? 'not one'}`;
  const content = findZipContent(head);
  // An archive may hold whatever it likes, even an Office document's parts.
  if (format === 'zip' || content === undefined || content === format) return undefined;
  return `holds ${content}`;
}

/** PDF 1.7, appendix H: readers accept the header anywhere within the first 1,024 bytes. */
const isPdf = (head: Uint8Array) => Buffer.from(head.subarray(0, 1024)).toString('latin1').includes('%PDF-');

const startOf = (head: Uint8Array) => Buffer.from(head.subarray(0, 64)).toString('latin1');

const describeName = (filename: string) => extname(filename).toLowerCase() || 'like a text';

function describeUnknown(filename: string, binary: string | undefined): string {
  const ending = extname(filename).toLowerCase();
  const newer = newerEndings[ending];
  if (newer) return `has the format of an old Office: save it as ${newer}`;
  if (binary) return `is ${binary}, which Lectern can’t read`;
  return ending === '' ? 'has no ending that says what it is' : `ends in ${ending}, which Lectern can’t read`;
}

const newerEndings: Record<string, string> = {
  '.doc': '.docx',
  '.dot': '.docx',
  '.xls': '.xlsx',
  '.ppt': '.pptx',
  '.pps': '.pptx',
};

const unsupported = (sentence: string) =>
  new DocumentError(
    'unsupported_media_type',
    `${sentence} Lectern reads PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx), OpenDocument text (.odt), EPUB, RTF, HTML, Markdown, e-mail (.eml), CSV, JSON, plain text, source code and .zip archives of these.`,
  );
