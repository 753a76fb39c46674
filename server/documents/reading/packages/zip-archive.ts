import { crc32, inflateRawSync } from 'node:zlib';
import yauzl from 'yauzl';
import { DocumentError } from '../../../errors.ts';

export type ZipEntry = {
  /** As the archive has it, with / between folders: never a path to open. */
  name: string;
  isFolder: boolean;
  isEncrypted: boolean;
};

type Limits = { entries: number; entryBytes: number; totalBytes: number };

const MiB = 1024 * 1024;
const zipLimits: Limits = { entries: 10_000, entryBytes: 64 * MiB, totalBytes: 128 * MiB };

/**
 * A zip archive in memory. What it says about sizes is not believed: bytes are counted as they are inflated, all
 * reads together, so that neither a bomb nor overlapping entries get further than the limits.
 */
export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #zip: yauzl.ZipFile;
  readonly #limits: Limits;
  readonly #details = new Map<ZipEntry, yauzl.Entry>();
  readonly #byName = new Map<string, ZipEntry>();
  #inflatedBytes = 0;

  private constructor(bytes: Buffer, zip: yauzl.ZipFile, limits: Limits) {
    this.#bytes = bytes;
    this.#zip = zip;
    this.#limits = limits;
  }

  /** @throws DocumentError document_broken, document_encrypted, document_too_complex (too many entries). */
  static async open(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<ZipArchive> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
      // Names are decoded here: yauzl refuses the whole archive for one name with ".." in it.
      const zip = await yauzl.fromBufferPromise(buffer, { decodeStrings: false, lazyEntries: true });
      const archive = new ZipArchive(buffer, zip, { ...zipLimits, ...limits });
      for await (const entry of zip.eachEntry()) archive.#add(entry);
      return archive;
    } catch (error) {
      throw asDocumentError(error);
    }
  }

  get entries(): ZipEntry[] {
    return [...this.#details.keys()];
  }

  /** Nothing more can be read: everything that was inflated counts, also what was refused. */
  get isExhausted(): boolean {
    return this.#inflatedBytes >= this.#limits.totalBytes;
  }

  /** Names of parts in a package don't depend on case (ECMA-376 part 2). */
  find(name: string): ZipEntry | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** @throws DocumentError document_encrypted, document_broken, document_too_complex. */
  async read(entry: ZipEntry): Promise<Uint8Array> {
    const details = this.#details.get(entry);
    if (!details) throw new TypeError('The entry belongs to another archive.');
    if (entry.isEncrypted) throw encrypted();
    try {
      const { fileDataStart } = await this.#zip.readLocalFileHeaderPromise(details, { minimal: true });
      const packed = this.#bytes.subarray(fileDataStart, fileDataStart + details.compressedSize);
      const content = details.compressionMethod === 0 ? packed : this.#inflate(packed, details);
      if (details.compressionMethod === 0) this.#count(content.length);
      if (crc32(content) !== details.crc32) throw new Error(`checksum of ${entry.name}`);
      return content;
    } catch (error) {
      throw asDocumentError(error);
    }
  }

  /** A part's text (UTF-8, or UTF-16 with a byte order mark), undefined when there is no such part. */
  async readText(name: string): Promise<string | undefined> {
    const entry = this.find(name);
    return entry && decodePart(await this.read(entry));
  }

  #add(details: yauzl.Entry): void {
    if (this.#details.size >= this.#limits.entries)
      throw tooComplex(`The archive holds more than ${this.#limits.entries} files.`);
    const name = decodeName(details);
    const entry = { name, isFolder: name.endsWith('/'), isEncrypted: details.isEncrypted() };
    this.#details.set(entry, details);
    const key = name.replace(/^\/+/, '').toLowerCase();
    if (!this.#byName.has(key)) this.#byName.set(key, entry);
  }

  #inflate(packed: Uint8Array, details: yauzl.Entry): Uint8Array {
    if (details.compressionMethod !== 8)
      throw new DocumentError(
        'document_broken',
        `The archive is packed with a method that Lectern can't read (number ${details.compressionMethod}). Pack it again as an ordinary ZIP file.`,
      );
    const { entryBytes, totalBytes } = this.#limits;
    const allowed = Math.min(entryBytes, totalBytes - this.#inflatedBytes);
    if (allowed <= 0) throw tooMuch();
    try {
      // In one piece where the size is given truly: pieces are held twice while they are put together.
      const chunkSize = Math.max(MiB / 4, Math.min(details.uncompressedSize + 1, allowed));
      const content = inflateRawSync(packed, { maxOutputLength: allowed, chunkSize });
      this.#inflatedBytes += content.length;
      return content.length < chunkSize / 2 ? Uint8Array.from(content) : content;
    } catch (error) {
      // The attempt has cost its time as well; how far a damaged stream got is not told, so it is guessed.
      const isTooLarge = hasCode(error, 'ERR_BUFFER_TOO_LARGE');
      this.#inflatedBytes += isTooLarge ? allowed : Math.min(allowed, packed.length * 8);
      throw isTooLarge ? tooMuch() : error;
    }
  }

  #count(bytes: number): void {
    this.#inflatedBytes += bytes;
    if (bytes > this.#limits.entryBytes || this.#inflatedBytes > this.#limits.totalBytes) throw tooMuch();
  }
}

/** Archives made on macOS have UTF-8 names without saying so. */
function decodeName(entry: yauzl.Entry): string {
  const raw = Buffer.from(entry.fileNameRaw);
  const flags = isUtf8(raw) ? entry.generalPurposeBitFlag | 0x800 : entry.generalPurposeBitFlag;
  return yauzl.getFileNameLowLevel(flags, raw, entry.extraFields, false);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function decodePart(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function asDocumentError(error: unknown): DocumentError {
  if (error instanceof DocumentError) return error;
  if (error instanceof Error && /encrypt/i.test(error.message)) return encrypted();
  return new DocumentError('document_broken', "The file is damaged or incomplete: it can't be unpacked.", {
    cause: error,
  });
}

const encrypted = () =>
  new DocumentError(
    'document_encrypted',
    'The file is protected with a password. Save it without one and upload it again.',
  );

const tooComplex = (message: string) => new DocumentError('document_too_complex', message);

const tooMuch = () => tooComplex('The file unpacks to more data than Lectern reads from one file.');

const hasCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
