/** A format by its first bytes; `also` where these alone could begin a text. */
type BinaryFormat = { name: string; magic: string; at?: number; also?: (head: Uint8Array) => boolean };

/** Magic numbers as latin-1 text. Source: the formats' specifications, and the `file` command's database. */
const binaryFormats: BinaryFormat[] = [
  { name: 'a PDF', magic: '%PDF-' },
  { name: 'a ZIP archive (or an Office document)', magic: 'PK\x03\x04' },
  { name: 'a ZIP archive', magic: 'PK\x05\x06' },
  { name: 'an old or password-protected Office document', magic: '\xd0\xcf\x11\xe0' },
  { name: 'a PNG image', magic: '\x89PNG' },
  { name: 'a JPEG image', magic: '\xff\xd8\xff' },
  { name: 'a GIF image', magic: 'GIF8', also: head => head[5] === 0x61 },
  { name: 'a TIFF image', magic: 'II*\0' },
  { name: 'a TIFF image', magic: 'MM\0*' },
  { name: 'a WebP image', magic: 'WEBP', at: 8 },
  { name: 'a sound file', magic: 'WAVE', at: 8, also: head => startsWith(head, 'RIFF') },
  { name: 'a sound file', magic: 'ID3', also: head => (head[3] ?? 0x20) < 0x10 },
  { name: 'a sound file', magic: 'OggS\0' },
  { name: 'a sound file', magic: 'fLaC\0' },
  { name: 'a video or a picture', magic: 'ftyp', at: 4, also: head => head[0] === 0 },
  { name: 'a gzip archive', magic: '\x1f\x8b\x08' },
  { name: 'a bzip2 archive', magic: '1AY&SY', at: 4, also: head => startsWith(head, 'BZh') },
  { name: 'an xz archive', magic: '\xfd7zXZ\0' },
  { name: 'a 7-Zip archive', magic: '7z\xbc\xaf\x27\x1c' },
  { name: 'a RAR archive', magic: 'Rar!\x1a\x07' },
  { name: 'a Zstandard archive', magic: '\x28\xb5\x2f\xfd' },
  { name: 'a tar archive', magic: 'ustar', at: 257 },
  { name: 'a program', magic: '\x7fELF' },
  { name: 'a program', magic: 'MZ', also: head => head.subarray(2, 16).includes(0) },
  { name: 'a program', magic: '\xcf\xfa\xed\xfe' },
  { name: 'a compiled Java class', magic: '\xca\xfe\xba\xbe' },
  { name: 'a WebAssembly module', magic: '\0asm' },
  { name: 'a SQLite database', magic: 'SQLite format 3\0' },
];

/** What a file is by its first bytes ("a PNG image"), when these are those of a binary format. */
export function detectBinaryFormat(head: Uint8Array): string | undefined {
  return binaryFormats.find(
    ({ magic, at = 0, also }) => startsWith(head, magic, at) && (also === undefined || also(head)),
  )?.name;
}

function startsWith(head: Uint8Array, magic: string, at = 0): boolean {
  for (let index = 0; index < magic.length; index++)
    if (head[at + index] !== magic.charCodeAt(index)) return false;
  return true;
}
