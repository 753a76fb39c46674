import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Trx } from '../database/open-database.ts';
import { DocumentError } from '../errors.ts';
import { describeSize } from './describe-size.ts';

/** Bytes per stored part: small enough that writing or reading one keeps nobody waiting. */
const PART_BYTES = 256 * 1024;
/** An upload that has been silent for longer has died with its process. */
const ABANDONED_MINUTES = 15;

export type StoredFile = { fileId: number; byteSize: number; sha256: string };

type StoreOptions = {
  maxBytes: number;
  /** Sees every piece before it is stored; what it throws ends the storing. */
  inspect: (piece: Uint8Array) => void;
  /** Called after the last piece; what it throws undoes the storing. */
  finish: () => void;
};

/**
 * Stores a file as it comes in, a part at a time: memory holds one part, and no transaction waits for the
 * sender. The file belongs to no document yet; when anything fails, nothing of it stays.
 *
 * @throws DocumentError document_too_large, and what `inspect` and `finish` throw.
 */
export async function storeFile(
  db: Db,
  workspaceId: number,
  pieces: AsyncIterable<Uint8Array>,
  { maxBytes, inspect, finish }: StoreOptions,
): Promise<StoredFile> {
  const { id: fileId } = await db
    .insertInto('stored_files')
    .values({ workspace_id: workspaceId, document_id: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  try {
    const hash = createHash('sha256');
    let byteSize = 0;
    let ordinal = 0;
    let part: Uint8Array[] = [];
    let partBytes = 0;
    const savePart = async () => {
      await saveFilePart(db, { workspaceId, fileId, ordinal, content: Buffer.concat(part) });
      ordinal += 1;
      part = [];
      partBytes = 0;
    };
    for await (const piece of pieces) {
      byteSize += piece.length;
      if (byteSize > maxBytes) throw tooLarge(maxBytes);
      inspect(piece);
      hash.update(piece);
      part.push(piece);
      partBytes += piece.length;
      if (partBytes >= PART_BYTES) await savePart();
    }
    finish();
    if (partBytes > 0) await savePart();
    return { fileId, byteSize, sha256: hash.digest('hex') };
  } catch (error) {
    await deleteFile(db, workspaceId, fileId).catch(() => {}); // The sweep of abandoned files finds it.
    throw error;
  }
}

const tooLarge = (maxBytes: number) =>
  new DocumentError(
    'document_too_large',
    `The file is larger than ${describeSize(maxBytes)}, the most it may have.`,
    {
      extra: { most_bytes: maxBytes },
    },
  );

type FilePart = { workspaceId: number; fileId: number; ordinal: number; content: Buffer };

async function saveFilePart(db: Db, { workspaceId, fileId, ordinal, content }: FilePart): Promise<void> {
  await sql`
    WITH file AS (
      UPDATE stored_files SET byte_size = byte_size + ${content.length}::bigint, updated_at = now()
      WHERE workspace_id = ${workspaceId} AND id = ${fileId} RETURNING workspace_id, id
    )
    INSERT INTO file_parts (workspace_id, file_id, ordinal, content)
    SELECT workspace_id, id, ${ordinal}::int, ${content}::bytea FROM file`.execute(db);
}

async function* readFileParts(db: Db, workspaceId: number, fileId: number): AsyncGenerator<Buffer> {
  for (let ordinal = 0; ; ordinal += 1) {
    const part = await db
      .selectFrom('file_parts')
      .select('content')
      .where('workspace_id', '=', workspaceId)
      .where('file_id', '=', fileId)
      .where('ordinal', '=', ordinal)
      .executeTakeFirst();
    if (!part) return;
    yield part.content;
  }
}

/**
 * The file's bytes, a part at a time.
 *
 * @throws DocumentError document_broken before the first part when there is none; Error at the end when some are
 *   missing, because the file is deleted meanwhile: who was promised them must not wait for the rest.
 */
export async function* readAllParts(
  db: Db,
  workspaceId: number,
  { fileId, byteSize }: { fileId: number; byteSize: number },
): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const part of readFileParts(db, workspaceId, fileId)) {
    length += part.length;
    yield part;
  }
  if (length === 0)
    throw new DocumentError('document_broken', 'The stored file is not there any more. Upload it again.');
  if (length !== byteSize) throw new Error(`the file has ${length} bytes instead of ${byteSize}`);
}

/**
 * The file's bytes, whole, in a buffer of their own that another thread can be given; undefined when some are
 * missing, for example because the file is deleted at this moment.
 */
export async function readWholeFile(
  db: Db,
  workspaceId: number,
  { fileId, byteSize }: { fileId: number; byteSize: number },
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(byteSize);
  let length = 0;
  for await (const part of readFileParts(db, workspaceId, fileId)) {
    if (length + part.length > byteSize) return undefined;
    bytes.set(part, length);
    length += part.length;
  }
  return length === byteSize ? bytes : undefined;
}

export async function deleteFile(db: Db | Trx, workspaceId: number, fileId: number): Promise<void> {
  await db
    .deleteFrom('stored_files')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', fileId)
    .execute();
}

/**
 * Removes the files of uploads that ended with their process. On the embedded database, which has one
 * process, those are all that belong to no document when it starts.
 *
 * @returns how many there were.
 */
export async function deleteAbandonedFiles(db: Db, olderThanMinutes = ABANDONED_MINUTES): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('stored_files')
    .where('document_id', 'is', null)
    .where('updated_at', '<=', sql<Date>`now() - make_interval(mins => ${olderThanMinutes})`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
