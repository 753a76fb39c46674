import { DocumentError } from '../../../errors.ts';
import { cleanFilename } from '../../clean-filename.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { joinDocuments } from './join-documents.ts';
import { ZipArchive, type ZipEntry } from './zip-archive.ts';

/** @returns undefined for a file of a kind that is not read. @throws DocumentError for one that can't be read. */
type ParseMember = (member: DocumentFile) => Promise<ParsedDocument | undefined>;

/** Why a file within an archive is not read, for people. */
const reasons: Record<string, string> = {
  document_broken: 'damaged',
  document_encrypted: 'protected with a password',
  document_too_complex: 'too large',
  document_without_text: 'without text',
  document_empty: 'empty',
};
const OTHER_REASON = 'of a kind that is not read';

const archiveEndings = /\.(zip|7z|rar|tar|gz|tgz|bz2|xz|zst|jar|war)$/i;

/**
 * The readable files of an archive as one document, each under its path as a heading. Archives within it are not
 * opened.
 *
 * @throws DocumentError document_without_text when nothing in it can be read; document_broken, document_encrypted,
 *   document_too_complex.
 */
export async function parseZip(file: DocumentFile, parseMember: ParseMember): Promise<ParsedDocument> {
  const archive = await ZipArchive.open(file.bytes);
  const members = archive.entries
    .map(entry => ({ entry, path: cleanPath(entry.name) }))
    .filter(({ entry, path }) => !entry.isFolder && !isHidden(path));
  if (members.length > 0 && members.every(({ entry }) => entry.isEncrypted))
    throw new DocumentError('document_encrypted', 'The archive is protected with a password.');
  const read: { path: string; document: ParsedDocument }[] = [];
  const leftOut: string[] = [];
  for (const { entry, path } of members) {
    const result = archiveEndings.test(path)
      ? 'an archive within the archive'
      : await readMember(archive, entry, path, parseMember);
    if (typeof result === 'string') leftOut.push(`${path} (${result})`);
    else read.push({ path, document: result });
  }
  if (read.length === 0)
    throw new DocumentError(
      'document_without_text',
      leftOut.length === 0
        ? 'The archive is empty.'
        : `The archive holds no file that Lectern can read: ${listNames(leftOut)}.`,
    );
  return joinDocuments(read, leftOut.length === 0 ? [] : [`Left out: ${listNames(leftOut)}.`]);
}

/** @returns the reason when it can't be read. */
async function readMember(
  archive: ZipArchive,
  entry: ZipEntry,
  path: string,
  parseMember: ParseMember,
): Promise<ParsedDocument | string> {
  try {
    const bytes = await archive.read(entry);
    return (await parseMember({ bytes, filename: cleanFilename(path) })) ?? OTHER_REASON;
  } catch (error) {
    // Once the archive has unpacked to too much, no other member can be read.
    if (!(error instanceof DocumentError) || archive.isExhausted) throw error;
    return reasons[error.code] ?? OTHER_REASON;
  }
}

const cleanPath = (name: string) =>
  name
    .split(/[/\\]/)
    .filter(part => part !== '' && part !== '.' && part !== '..')
    .map(cleanFilename)
    .join('/');

const isHidden = (path: string) =>
  path === '' ||
  path.split('/').some(part => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db');

const MOST_NAMES = 20;

function listNames(names: string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
