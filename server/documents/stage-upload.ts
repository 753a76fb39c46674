import type { Db } from '../database/open-database.ts';
import { cleanFilename } from './clean-filename.ts';
import { type StoredFile, storeFile } from './file-store.ts';
import { type DetectedFormat, detectFormat, isTextLike } from './reading/detect-format.ts';
import { olderEncoding, type TextEncoding } from './reading/encoding/text-declarations.ts';
import { TextInspector } from './reading/inspect-text.ts';

export type Upload = {
  filename: string;
  content: AsyncIterable<Uint8Array>;
  /** Of the Content-Type header that a fetched file came with. */
  charset?: string | undefined;
};

/** A file that is stored, but belongs to no document yet. */
export type StagedUpload = StoredFile & { filename: string; mediaType: string };

export type UploadLimits = {
  /** Of a text and so of a file that is one. */
  maxTextBytes: number;
  /** Of any other file. */
  maxUploadBytes: number;
};

/** Enough to tell every format by its first bytes. */
const HEAD_BYTES = 4_096;

/**
 * Stores an upload while it comes in and checks what can be told without parsing it: its format, its size,
 * and of a text that it is one. Nothing is stored of a file that is refused.
 *
 * @throws DocumentError
 */
export async function stageUpload(
  db: Db,
  workspaceId: number,
  { filename, content, charset }: Upload,
  limits: UploadLimits,
): Promise<StagedUpload> {
  const name = cleanFilename(filename);
  const pieces = content[Symbol.asyncIterator]();
  try {
    const { head, rest } = await readHead(pieces);
    const { format, mediaType } = detectFormat(name, head);
    const inspector = isTextLike(format) ? new TextInspector(charset) : undefined;
    let encoding: TextEncoding | undefined;
    const file = await storeFile(db, workspaceId, rest, {
      maxBytes: isVerbatim(format) ? limits.maxTextBytes : limits.maxUploadBytes,
      inspect: piece => inspector?.push(piece),
      finish() {
        encoding = inspector?.finish();
      },
    });
    // Whoever reads the file later has to know the charset: it does not stand in the file.
    const isNeeded = encoding !== undefined && encoding.label === olderEncoding(charset);
    return { ...file, filename: name, mediaType: isNeeded ? `${mediaType}; charset=${charset}` : mediaType };
  } finally {
    // Also when the file is refused: a stream whose reader does not say that it has left flows for nobody else.
    await pieces.return?.();
  }
}

/** The file is the text: what is too large as a text is so as a file. */
const isVerbatim = (format: DetectedFormat['format']) =>
  format === 'text' || format === 'markdown' || format === 'source-code';

/** The first bytes, and all of them again from the start. */
async function readHead(pieces: AsyncIterator<Uint8Array>) {
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const { done, value } = await pieces.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  async function* rest() {
    yield* first;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  }
  return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), rest: rest() };
}
