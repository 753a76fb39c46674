import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/*
 * One append-only file. A record: sha256 of model and text (32 bytes), the count of numbers and the CRC-32 of
 * key and vector (4 bytes each, little endian), the vector as float32.
 */
const KEY_BYTES = 32;
const HEADER_BYTES = KEY_BYTES + 8;
const PIECE_BYTES = 4 * 1_048_576;
const MOST_DIMENSIONS = 65_536;

/** Vectors by model and text, kept over runs. What a killed process wrote by half is dropped. */
export class VectorCache {
  readonly #file: FileHandle;
  readonly #vectors: Map<string, Float32Array>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, vectors: Map<string, Float32Array>) {
    this.#file = file;
    this.#vectors = vectors;
  }

  static async open(path: string): Promise<VectorCache> {
    const file = await open(path, 'a+');
    try {
      const { vectors, length } = await readRecords(file);
      await file.truncate(length);
      return new VectorCache(file, vectors);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get size(): number {
    return this.#vectors.size;
  }

  find(modelName: string, text: string): Float32Array | undefined {
    return this.#vectors.get(keyOf(modelName, text).toString('base64'));
  }

  /** Resolves when the vectors are in the file. */
  async save(modelName: string, entries: { text: string; vector: Float32Array }[]): Promise<void> {
    const records = entries.map(({ text, vector }) => {
      const key = keyOf(modelName, text);
      this.#vectors.set(key.toString('base64'), vector);
      return toRecord(key, vector);
    });
    // In a row: a write that fails part of the way must not be followed by another.
    this.#writing = this.#writing.then(() => this.#file.appendFile(Buffer.concat(records)));
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing.finally(() => this.#file.close());
  }
}

function keyOf(modelName: string, text: string): Buffer {
  return createHash('sha256').update(modelName).update('\0').update(text).digest();
}

function toRecord(key: Buffer, vector: Float32Array): Buffer {
  const record = Buffer.alloc(HEADER_BYTES + 4 * vector.length);
  key.copy(record);
  for (const [index, number] of vector.entries()) record.writeFloatLE(number, HEADER_BYTES + 4 * index);
  record.writeUInt32LE(vector.length, KEY_BYTES);
  record.writeUInt32LE(crc32(record.subarray(HEADER_BYTES), crc32(key)), KEY_BYTES + 4);
  return record;
}

/** All whole records, and where they end: what follows is torn. */
async function readRecords(file: FileHandle) {
  const vectors = new Map<string, Float32Array>();
  let length = 0;
  let rest = Buffer.alloc(0);
  for (let position = 0; ; ) {
    const piece = Buffer.alloc(PIECE_BYTES);
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, position);
    if (bytesRead === 0) return { vectors, length };
    position += bytesRead;
    rest = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    for (let size = sizeOfRecord(rest); size <= rest.length; size = sizeOfRecord(rest)) {
      const record = readRecord(rest.subarray(0, size));
      if (!record) return { vectors, length };
      vectors.set(record.key, record.vector);
      rest = rest.subarray(size);
      length += size;
    }
  }
}

/** As the header says; more than there is when the header itself is not there. */
function sizeOfRecord(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES) return HEADER_BYTES;
  return HEADER_BYTES + 4 * Math.min(bytes.readUInt32LE(KEY_BYTES), MOST_DIMENSIONS);
}

/** Undefined when it is not what was written. */
function readRecord(record: Buffer): { key: string; vector: Float32Array } | undefined {
  const content = record.subarray(HEADER_BYTES);
  const key = record.subarray(0, KEY_BYTES);
  if (content.length === 0 || crc32(content, crc32(key)) !== record.readUInt32LE(KEY_BYTES + 4))
    return undefined;
  const vector = Float32Array.from({ length: content.length / 4 }, (_, index) =>
    content.readFloatLE(4 * index),
  );
  return { key: key.toString('base64'), vector };
}
