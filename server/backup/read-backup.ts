import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { createZstdDecompress } from 'node:zlib';
import { z } from 'zod';
import {
  type BackupHeader,
  type BackupManifest,
  backupHeader,
  manifestLine,
  tableLine,
  ZSTANDARD_MAGIC,
} from './backup-format.ts';
import { TableSummer } from './read-rows.ts';

/** The file is no backup, or not a whole one; the message says so to people. */
export class BackupFileError extends Error {
  override name = 'BackupFileError';
}

export type BackupContent = { header: BackupHeader; manifest: BackupManifest };

/** One row: a file's part or a message. Longer ones are no backup's, and would only fill the memory. */
const MOST_LINE_BYTES = 512 * 1024 * 1024;

/** What comes out of a file, in its order. */
type Piece = { header: BackupHeader } | { table: string } | { row: string } | { manifest: BackupManifest };

/**
 * Reads a backup from its first byte to its last and adds everything up.
 *
 * @throws BackupFileError when it is foreign, cut or changed.
 */
export async function checkBackup(path: string): Promise<BackupContent> {
  let header: BackupHeader | undefined;
  let manifest: BackupManifest | undefined;
  let summer: TableSummer | undefined;
  const sums = [];
  for await (const piece of readPieces(path)) {
    if (manifest) throw new BackupFileError(`${path} is broken: something follows its end.`);
    if ('row' in piece) {
      if (!summer) throw new BackupFileError(`${path} is broken: a row stands in no table.`);
      summer.add(piece.row);
      continue;
    }
    if (summer) sums.push(summer.sum());
    summer = undefined;
    if ('header' in piece) header = piece.header;
    else if ('table' in piece) summer = new TableSummer(piece.table);
    else manifest = piece.manifest;
  }
  if (!header || !manifest) throw new BackupFileError(`${path} is cut off: its end is missing.`);
  const names = sums.map(({ name }) => name);
  if (
    !isDeepStrictEqual(sums, manifest.tables) ||
    !isDeepStrictEqual(
      names,
      header.tables.map(({ name }) => name),
    )
  )
    throw new BackupFileError(`${path} is broken: its rows are not those that its manifest counts.`);
  return { header, manifest };
}

/** The rows of a backup with the table of each, several at a time. */
export async function* readTables(path: string): AsyncGenerator<{ table: string; rows: string[] }> {
  let table: string | undefined;
  let rows: string[] = [];
  let characters = 0;
  for await (const piece of readPieces(path)) {
    if ('row' in piece) {
      rows.push(piece.row);
      characters += piece.row.length;
    }
    if (table !== undefined && rows.length > 0 && (!('row' in piece) || isFull(rows.length, characters))) {
      yield { table, rows };
      rows = [];
      characters = 0;
    }
    if ('table' in piece) table = piece.table;
  }
}

const isFull = (rows: number, characters: number) => rows >= 5_000 || characters >= 1_000_000;

async function* readPieces(path: string): AsyncGenerator<Piece> {
  await refuseForeign(path);
  let isFirst = true;
  for await (const line of readLines(path)) {
    const parsed = parseLine(line);
    if (isFirst) {
      const header = backupHeader.safeParse(parsed).data;
      if (!header)
        throw new BackupFileError(
          `${path} is no backup of Lectern, or one of a format that this Lectern does not know.`,
        );
      yield { header };
      isFirst = false;
    } else yield toPiece(path, parsed);
  }
}

function toPiece(path: string, parsed: unknown): Piece {
  if (typeof parsed === 'string') return { row: parsed };
  const manifest = manifestLine.safeParse(parsed).data;
  if (manifest) return manifest;
  const table = tableLine.safeParse(parsed).data;
  if (table) return table;
  throw new BackupFileError(`${path} is broken: one of its lines can't be read.`);
}

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'no JSON' });
    return z.NEVER;
  }
});
const parseLine = (line: string): unknown => json.safeParse(line).data;

async function refuseForeign(path: string): Promise<void> {
  let bytes: Buffer;
  try {
    const file = await open(path);
    bytes = (await file.read(Buffer.alloc(4), 0, 4, 0).finally(() => file.close())).buffer;
  } catch (error) {
    throw new BackupFileError(
      `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  if (!bytes.equals(ZSTANDARD_MAGIC)) throw new BackupFileError(`${path} is no backup of Lectern.`);
}

async function* readLines(path: string): AsyncGenerator<string> {
  // Of the line that has not ended yet.
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for await (const piece of decompress(path)) {
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      const rest = piece.subarray(from, end);
      yield (begun.length === 0 ? rest : Buffer.concat([...begun, rest])).toString();
      begun = [];
      begunBytes = 0;
      from = end + 1;
    }
    if (from < piece.length) begun.push(piece.subarray(from));
    begunBytes += piece.length - from;
    if (begunBytes > MOST_LINE_BYTES)
      throw new BackupFileError(`${path} is broken: one of its lines has no end.`);
  }
  if (begun.length > 0) throw new BackupFileError(`${path} is cut off: its last line has no end.`);
}

async function* decompress(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const stream = createZstdDecompress();
  file.on('error', error => stream.destroy(error));
  file.pipe(stream);
  try {
    for await (const piece of stream) yield piece;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('ZSTD_') && !code.startsWith('Z_') && code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new BackupFileError(`${path} is cut off or broken: it can't be unpacked.`, { cause: error });
  } finally {
    file.destroy();
  }
}
