/** Where the parts of an Office document lie in its archive. */
const officeFolders: Record<string, string> = { 'word/': 'docx', 'ppt/': 'pptx', 'xl/': 'xlsx' };

/** What the first part of an EPUB or OpenDocument archive says: it is named "mimetype" and not compressed. */
const mediaTypes: Record<string, string> = {
  'application/epub+zip': 'epub',
  'application/vnd.oasis.opendocument.text': 'odt',
};

/**
 * What kind of document a zip holds, as far as its first bytes show: a format, another media type, or undefined
 * when they don't.
 */
export function findZipContent(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head);
  for (let at = 0; at + 30 < bytes.length && bytes.readUInt32LE(at) === 0x04034b50; ) {
    const nameEnd = at + 30 + bytes.readUInt16LE(at + 26);
    const name = bytes.toString('latin1', at + 30, nameEnd);
    const start = nameEnd + bytes.readUInt16LE(at + 28);
    const end = start + bytes.readUInt32LE(at + 18);
    if (name === 'mimetype') {
      const mediaType = bytes.toString('latin1', start, Math.min(end, start + 100)).trim();
      return mediaTypes[mediaType] ?? mediaType;
    }
    const folder = Object.keys(officeFolders).find(folder => name.startsWith(folder));
    if (folder !== undefined) return officeFolders[folder];
    // A length of 0 in the header of a part that is written as it comes: the next one is searched for.
    at = end > start ? end : bytes.indexOf('PK\x03\x04', start, 'latin1');
    if (at < 0) return undefined;
  }
  return undefined;
}
