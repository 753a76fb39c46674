import { inflateSync } from 'node:zlib';
import { DocumentError } from '../../../errors.ts';

const MiB = 1024 * 1024;
const MOST_STREAM_BYTES = 64 * MiB;
/** Deflate packs at most 1032 to 1, so shorter streams can't exceed the limit. */
const SHORTEST_SUSPECT = Math.floor(MOST_STREAM_BYTES / 1032);
/** A stream's dictionary stands before it; more than this is none that matters. */
const LONGEST_DICTIONARY = 2048;

/**
 * pdf.js inflates a stream whole, whatever comes out, outside of the heap that is limited. So each packed stream
 * that could be a bomb is inflated once here, under a limit. Pictures are left alone, as they are by pdf.js when it
 * reads text. Streams of encrypted files can't be looked into: whoever runs the parser watches its memory as well.
 *
 * @throws DocumentError document_too_complex.
 */
export function refuseInflatingStreams(bytes: Uint8Array): void {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
    if (file.toString('latin1', at - 3, at) === 'end') continue;
    const end = file.indexOf('endstream', at);
    const length = (end < 0 ? file.length : end) - at;
    if (length < SHORTEST_SUSPECT) continue;
    const before = file.toString('latin1', Math.max(0, at - LONGEST_DICTIONARY), at);
    const dictionary = before.slice(before.lastIndexOf(' obj') + 4);
    if (/\/(Fl|FlateDecode)\b/.test(dictionary) && !/\/Subtype\s*\/Image\b/.test(dictionary))
      refuseBomb(file.subarray(at, at + length), (dictionary.match(/\/Fl(ateDecode)?\b/g) ?? []).length);
  }
}

/** @param layers how often it is packed. */
function refuseBomb(stream: Buffer, layers: number): void {
  const start = stream[6] === 0x0d ? 8 : 7; // "stream" and its line end
  let content: Uint8Array = stream.subarray(start);
  for (let layer = 0; layer < Math.min(layers, 4); layer++) {
    try {
      content = inflateSync(content, { maxOutputLength: MOST_STREAM_BYTES, chunkSize: MiB / 4 });
    } catch (error) {
      if (error instanceof RangeError)
        throw new DocumentError(
          'document_too_complex',
          'The PDF unpacks to more data than Lectern reads from one file.',
        );
      return; // Damaged, or encrypted: pdf.js will tell.
    }
  }
}
