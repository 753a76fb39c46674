import { type Duplex, pipeline, type Readable } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { AppError, DocumentError } from '../../errors.ts';
import { describeSize } from '../describe-size.ts';

/** RFC 9659: a client need not keep more than 8 MB of what was unpacked so far. */
const zstdWindow = { params: { [constants.ZSTD_d_windowLogMax]: 23 } };

/** Also those that were not asked for: there are servers that send nothing else. */
const decoders: Record<string, () => Duplex> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(zstdWindow),
};

type BodyOptions = {
  /** The host, for messages. */
  host: string;
  contentEncoding: string | undefined;
  contentLength: string | undefined;
  /** Of the file itself, unpacked. */
  maxBytes: number;
  signal: AbortSignal;
};

/**
 * The file in a body, unpacked as it is read; never is more than a piece of it in memory.
 *
 * @throws DocumentError at once, when the headers tell that it can't be had; later, when it turns out too
 *   large or broken.
 */
export function readBody(body: Readable, options: BodyOptions): AsyncGenerator<Uint8Array> {
  const { contentLength, maxBytes } = options;
  const encoding = (options.contentEncoding ?? '').trim().toLowerCase() || 'identity';
  const decoder = decoders[encoding];
  if (!decoder && encoding !== 'identity')
    throw new DocumentError(
      'url_failed',
      `"${options.host}" sends the file packed in a way that Lectern can't read (${encoding.slice(0, 40)}).`,
    );
  if (!decoder && Number(contentLength) > maxBytes) throw tooLarge(maxBytes);
  return limit(decoder ? unpack(body, decoder()) : body, options);
}

function unpack(body: Readable, decoder: Duplex): AsyncIterable<Uint8Array> {
  // A failure of either ends both, and reaches whoever reads.
  return pipeline(body, decoder, () => {});
}

async function* limit(
  pieces: AsyncIterable<Uint8Array>,
  { host, maxBytes, signal }: BodyOptions,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  try {
    for await (const piece of pieces) {
      sizeBytes += piece.length;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      yield piece;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw new DocumentError('url_failed', `What "${host}" sent is broken or was cut short.`, {
      cause: error,
    });
  }
}

function tooLarge(maxBytes: number): DocumentError {
  return new DocumentError(
    'document_too_large',
    `The file behind the URL is larger than ${describeSize(maxBytes)}, the most it may have.`,
    { extra: { most_bytes: maxBytes } },
  );
}
