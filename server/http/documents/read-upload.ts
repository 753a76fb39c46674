import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type DocumentFields, documentFields } from '../../../contract/documents.ts';
import { isDatabaseAway } from '../../database/database-errors.ts';
import { refuseUnstorable } from '../../documents/refuse-unstorable.ts';
import type { StagedUpload, Upload } from '../../documents/stage-upload.ts';
import { DocumentError, RequestError } from '../../errors.ts';
import { toSentence } from '../describe-issue.ts';

export type ReceivedUpload = { staged: StagedUpload; fields: DocumentFields };

type Receiver = {
  /** The most bytes of any file. */
  maxBytes: number;
  /** Stores the file as it comes in. */
  stage(upload: Upload): Promise<StagedUpload>;
  /** Takes a stored file away again. */
  discard(staged: StagedUpload): Promise<void>;
};

/**
 * Receives the file of a multipart request with the fields that may stand beside it.
 *
 * @throws RequestError when there is none or the body is broken, DocumentError when the file is refused.
 */
export async function readUpload(request: FastifyRequest, receiver: Receiver): Promise<ReceivedUpload> {
  const form = new UploadForm(receiver);
  try {
    // One byte more than any file may have, so that too large a one is noticed and the rest not read.
    const limits = { fileSize: receiver.maxBytes + 1 };
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') await form.takeFile(part);
      else form.takeField(part.fieldname, part.value);
    }
    return form.finish();
  } catch (error) {
    await form.discard();
    throw isForClient(error) ? error : brokenBody(error);
  }
}

class UploadForm {
  readonly #receiver: Receiver;
  readonly #fields: Record<string, string[]> = {};
  #staged: StagedUpload | undefined;
  #problem: unknown;

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  async takeFile(part: MultipartFile): Promise<void> {
    if (part.fieldname === 'file' && !this.#problem)
      try {
        if (this.#staged)
          throw new RequestError(
            'invalid_request',
            'There are two files. Send each in a request of its own.',
          );
        // Not destroyed when it is refused: the client reads an answer only once its request is read.
        const content = part.file.iterator({ destroyOnReturn: false });
        // A part of binary type counts as a file even without a name.
        this.#staged = await this.#receiver.stage({ filename: part.filename ?? '', content });
      } catch (error) {
        if (part.file.destroyed) throw error;
        this.#problem = error;
      }
    part.file.resume();
  }

  takeField(name: string, value: unknown): void {
    if (!(name in documentFields.shape)) return;
    // A field of the type application/json comes parsed.
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    this.#fields[name] = [...(this.#fields[name] ?? []), text];
  }

  finish(): ReceivedUpload {
    if (this.#problem) throw this.#problem;
    if (!this.#staged) throw fileMissing();
    return { staged: this.#staged, fields: parseFields(this.#fields) };
  }

  async discard(): Promise<void> {
    if (this.#staged) await this.#receiver.discard(this.#staged);
  }
}

/** Form fields are texts: tags come repeated or separated by commas, metadata as JSON. */
function parseFields({ tags, metadata, ...texts }: Record<string, string[]>): DocumentFields {
  const parsed = documentFields.safeParse({
    ...Object.fromEntries(
      Object.entries(texts)
        .map(([name, values]) => [name, values.at(-1)?.trim()])
        .filter(([, value]) => value),
    ),
    ...(tags && { tags: tags.flatMap(splitTags) }),
    ...(metadata && { metadata: parseJson(metadata.at(-1) ?? '') }),
  });
  if (!parsed.success) throw invalidFields(parsed.error);
  refuseUnstorable(parsed.data);
  return parsed.data;
}

const splitTags = (value: string) =>
  value
    .split(',')
    .map(tag => tag.trim())
    .filter(tag => tag !== '');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // The schema says what is expected.
  }
}

/** Names the fields. */
export function invalidFields(error: z.ZodError): RequestError {
  const problems = error.issues.map(({ path, message }) => toSentence(path.join('/'), message));
  return new RequestError('invalid_request', problems.join(' '), { cause: error });
}

const fileMissing = () =>
  new RequestError(
    'file_missing',
    'There is no file. Send it as multipart/form-data in a field named "file".',
  );

/** Ours, the database's, or the multipart parser's with a status; its parser throws plain errors for a body that is none. */
const isForClient = (error: unknown) =>
  error instanceof RequestError ||
  error instanceof DocumentError ||
  isLostConnection(error) ||
  (error instanceof Error && ('statusCode' in error || 'severity' in error || isSystemError(error)));

/** The database's: `pg` gives it no code, and a client that hangs up has one. */
const isLostConnection = (error: unknown) =>
  isDatabaseAway(error) && error instanceof Error && !('code' in error);

const isSystemError = (error: Error) => 'syscall' in error;

/** Also when the client hangs up within its upload, which nobody reads then. */
const brokenBody = (cause: unknown) =>
  new RequestError('invalid_request', 'The body is not valid multipart/form-data, or it was cut short.', {
    cause,
  });
