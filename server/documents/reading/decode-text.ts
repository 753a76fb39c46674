import { DocumentError } from '../../errors.ts';

/** Binary formats that people rename to .txt, by their first bytes. */
const binaryFormats: { name: string; magic: number[] }[] = [
  { name: 'a PDF', magic: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { name: 'a ZIP archive (or an Office document)', magic: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'a PNG image', magic: [0x89, 0x50, 0x4e, 0x47] },
  { name: 'a JPEG image', magic: [0xff, 0xd8, 0xff] },
  { name: 'a GIF image', magic: [0x47, 0x49, 0x46, 0x38] },
  { name: 'an old Office document', magic: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'a gzip archive', magic: [0x1f, 0x8b, 0x08] },
  { name: 'a program', magic: [0x7f, 0x45, 0x4c, 0x46] },
];

/** A text may hold this share of control characters (form feeds, escapes); random bytes hold far more. */
const MOST_CONTROL_CHARACTERS = 0.02;

/**
 * A text file's bytes as normalised text: UTF-8, without a byte order mark, line ends as \n, NUL removed
 * (PostgreSQL can't store it). All offsets count in this text.
 *
 * @throws DocumentError unsupported_media_type, document_not_utf8 (naming the byte), document_not_text,
 *   document_empty.
 */
export function decodeText(bytes: Uint8Array): string {
  refuseBinaryFormat(bytes);
  const text = decodeUtf8(bytes)
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n');
  refuseControlCharacters(text);
  const normalised = text.replaceAll('\0', '');
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(normalised))
    throw new DocumentError('document_empty', 'The file holds no text.');
  return normalised;
}

function refuseBinaryFormat(bytes: Uint8Array): void {
  const format = binaryFormats.find(({ magic }) => magic.every((byte, index) => bytes[index] === byte));
  if (format)
    throw new DocumentError(
      'unsupported_media_type',
      `The file is named .txt but is ${format.name}. Lectern reads UTF-8 text files (.txt).`,
    );
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const at = findInvalidByte(bytes);
    const value = bytes[at]?.toString(16).padStart(2, '0') ?? '';
    throw new DocumentError(
      'document_not_utf8',
      `The file is not valid UTF-8: byte ${at} (0x${value}) does not fit. Save it as UTF-8 and upload it again.`,
      { cause: error, extra: { byte: at } },
    );
  }
}

/** Position of the first byte that begins no valid UTF-8 sequence (the bytes are known to hold one). */
function findInvalidByte(bytes: Uint8Array): number {
  const lossy = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const isReplacementCharacter = (byte: number) =>
    bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd;
  for (let from = 0, byte = 0; ; ) {
    const at = lossy.indexOf('\uFFFD', from);
    byte += Buffer.byteLength(lossy.slice(from, at));
    if (at < 0 || !isReplacementCharacter(byte)) return byte;
    from = at + 1;
    byte += 3;
  }
}

function refuseControlCharacters(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  const controls = text.match(/[\x01-\x08\x0E-\x1A\x1C-\x1F\x7F]/g)?.length ?? 0;
  const nuls = text.split('\0').length - 1;
  // One NUL in a page of text is an accident and is removed; a file full of them is binary.
  if (controls + nuls > Math.max(3, text.length * MOST_CONTROL_CHARACTERS))
    throw new DocumentError(
      'document_not_text',
      `The file is not text: it holds ${controls + nuls} control characters. Export it as plain UTF-8 text.`,
    );
}
