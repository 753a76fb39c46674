import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { Upload } from '../documents/accept-document.ts';
import { DocumentError, RequestError } from '../errors.ts';

/**
 * The file of a multipart request, whole.
 *
 * @throws RequestError when there is none or the body is broken, DocumentError when the file is too large.
 */
export async function readUpload(request: FastifyRequest, maxBytes: number): Promise<Upload> {
  if (request.headers['content-type'] === undefined) throw fileMissing();
  if (!request.isMultipart())
    throw new RequestError(
      'unsupported_media_type',
      'Send the file as multipart/form-data in a field named "file" (curl: -F file=@document.txt).',
    );
  try {
    return await readParts(request, maxBytes);
  } catch (error) {
    throw isForClient(error) ? error : brokenBody(error);
  }
}

async function readParts(request: FastifyRequest, maxBytes: number): Promise<Upload> {
  let upload: Upload | undefined;
  for await (const part of request.parts({ limits: { fileSize: maxBytes } })) {
    if (part.type !== 'file') continue;
    if (part.fieldname === 'file' && upload)
      throw new RequestError('invalid_request', 'There are two files. Send each in a request of its own.');
    if (part.fieldname === 'file') upload = await readFile(part, maxBytes);
    else part.file.resume();
  }
  if (!upload) throw fileMissing();
  return upload;
}

async function readFile(part: MultipartFile, maxBytes: number): Promise<Upload> {
  const pieces: Buffer[] = [];
  for await (const piece of part.file) pieces.push(piece);
  if (part.file.truncated)
    throw new DocumentError(
      'document_too_large',
      `The file is larger than ${maxBytes} bytes, the most a text file may have (MAX_TEXT_BYTES).`,
      { extra: { most_bytes: maxBytes } },
    );
  return { filename: part.filename, bytes: Buffer.concat(pieces) };
}

const fileMissing = () =>
  new RequestError(
    'file_missing',
    'There is no file. Send it as multipart/form-data in a field named "file".',
  );

/** Ours, or the multipart parser's with a status; its parser throws plain errors for a body that is none. */
const isForClient = (error: unknown) =>
  error instanceof RequestError ||
  error instanceof DocumentError ||
  (error instanceof Error && 'statusCode' in error);

/** Also when the client hangs up within its upload, which nobody reads then. */
const brokenBody = (cause: unknown) =>
  new RequestError('invalid_request', 'The body is not valid multipart/form-data, or it was cut short.', {
    cause,
  });
