import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { FileError } from '../api-errors.ts';

/**
 * SHA-256 of the file's bytes, as the server reckons it.
 *
 * @throws FileError when the file can't be read.
 */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new FileError('can’t be read', { cause: error });
  }
  return hash.digest('hex');
}
