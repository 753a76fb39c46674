import { constants, inflateRawSync } from 'node:zlib';

/** Where the parts of an Office document lie in its archive. */
const officeFolders: Record<string, string> = { 'word/': 'docx', 'ppt/': 'pptx', 'xl/': 'xlsx' };

/** What the part "mimetype" of an EPUB or OpenDocument archive says. */
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
    const mediaType = name === 'mimetype' ? readMediaType(bytes, at, start, end) : undefined;
    if (mediaType !== undefined) return mediaTypes[mediaType] ?? mediaType;
    const folder = Object.keys(officeFolders).find(folder => name.startsWith(folder));
    if (folder !== undefined) return officeFolders[folder];
    // A length of 0 in the header of a part that is written as it comes: the next one is searched for.
    at = end > start ? end : bytes.indexOf('PK\x03\x04', start, 'latin1');
    if (at < 0) return undefined;
  }
  return undefined;
}

/**
 * It should be stored as it is, but archives that were packed again have it deflated. Undefined when it does not look
 * like a media type: nobody is shown a file's bytes.
 */
function readMediaType(bytes: Buffer, header: number, start: number, end: number): string | undefined {
  const isDeflated = bytes.readUInt16LE(header + 8) === 8;
  const content = isDeflated ? inflateStart(bytes.subarray(start)) : bytes.subarray(start, end);
  const text = content.toString('latin1').trim();
  return /^[a-z]+\/[\w.+-]{1,100}$/.test(text) ? text : undefined;
}

function inflateStart(packed: Buffer): Buffer {
  try {
    // The stream tells its own end; that of a larger part is not among the file's first bytes.
    return inflateRawSync(packed, { maxOutputLength: 1_000, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
