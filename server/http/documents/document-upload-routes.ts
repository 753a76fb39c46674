import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type DocumentFields, noteUpload, uploadAnswer, urlUpload } from '../../../contract/documents.ts';
import { errorBody, errorCodes } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import { type AcceptedDocument, acceptDocument } from '../../documents/accept-document.ts';
import { updateDocument } from '../../documents/change-document.ts';
import { describeSize } from '../../documents/describe-size.ts';
import type { DocumentRow } from '../../documents/document-store.ts';
import type { UrlFetcher } from '../../documents/fetching/url-fetcher.ts';
import { deleteFile } from '../../documents/file-store.ts';
import type { IngestionRunner } from '../../documents/ingestion/ingestion-runner.ts';
import { refuseUnstorable } from '../../documents/refuse-unstorable.ts';
import { replaceDocument } from '../../documents/replace-document.ts';
import { stageUpload, type UploadLimits } from '../../documents/stage-upload.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { DocumentError, NotFoundError, RequestError } from '../../errors.ts';
import { sendError } from '../send-error.ts';
import { invalidFields, type ReceivedUpload, readUpload } from './read-upload.ts';

type Parts = {
  runner: IngestionRunner;
  embedder: Embedder;
  fetcher: UrlFetcher;
  /** Looked at for each upload: settings may change meanwhile. */
  limits: UploadLimits & { maxStoredBytes?: number | undefined };
  uploadWaitMs: () => number;
};

const tags = ['documents'];
const params = z.object({ id: idInPath });
const consumes = ['multipart/form-data', 'application/json'];
const refusals = {
  400: errorBody,
  409: errorBody,
  413: errorBody,
  415: errorBody,
  422: errorBody,
  503: errorBody,
};

/** What brings in and replaces documents. */
export function documentUploadRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { limits } = parts;
  return async app => {
    // Here only: elsewhere such a body is of the wrong type.
    const counts = { files: 2, fields: 70, parts: 72 };
    // Too large a file is cut off, one byte after the limit: the storing of it notices and says so.
    await app.register(multipart, { limits: counts, throwFileSizeLimit: false });
    app.setErrorHandler((error, request, reply) =>
      sendError(isBodyTooLarge(error) ? noteTooLarge(request) : error, request, reply),
    );
    app.post(
      '/api/document/',
      {
        config: { permission: 'write' },
        schema: {
          tags,
          summary: 'Add a document: a file, {"url": …} to fetch, or {"title": …, "text": …} to note',
          consumes,
          response: {
            200: uploadAnswer.describe('The same bytes were there already.'),
            201: uploadAnswer.describe('Processed.'),
            202: uploadAnswer.describe('Still processing; Location leads to the document.'),
            ...refusals,
          },
        },
      },
      async (request, reply) => {
        const startedAt = performance.now();
        const { staged, fields } = await receive(parts, request);
        const { maxStoredBytes } = limits;
        const accepted = await acceptDocument(request.db, request.workspaceId, staged, {
          fields,
          maxStoredBytes,
        });
        return answer(parts, { request, reply, accepted, startedAt, isReplacement: false });
      },
    );
    app.put(
      '/api/document/:id/',
      {
        config: { permission: 'write' },
        schema: {
          tags,
          summary: 'Replace a document; searches find the old version until the new one is whole',
          consumes,
          params,
          response: { 200: uploadAnswer, 202: uploadAnswer, 404: errorBody, ...refusals },
        },
      },
      async (request, reply) => {
        const startedAt = performance.now();
        const { id } = request.params;
        const { staged: upload, fields } = await receive(parts, request);
        const { maxStoredBytes } = limits;
        const accepted = await replaceDocument(request.db, request.workspaceId, id, {
          upload,
          maxStoredBytes,
        });
        if (Object.keys(fields).length > 0) await updateDocument(request.db, request.workspaceId, id, fields);
        return answer(parts, { request, reply, accepted, startedAt, isReplacement: true });
      },
    );
  };
}

const isBodyTooLarge = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';

/** Files have limits of their own: a JSON body that is too large is a note. */
function noteTooLarge({ routeOptions: { bodyLimit } }: FastifyRequest): DocumentError {
  return new DocumentError(
    'document_too_large',
    `A note may have ${describeSize(bodyLimit)} as JSON. Send a longer text as a file.`,
    { extra: { most_bytes: bodyLimit } },
  );
}

/** The file of the request, fetched or typed in, stored and checked. */
async function receive(parts: Parts, request: FastifyRequest): Promise<ReceivedUpload> {
  const { limits, embedder } = parts;
  const { db, workspaceId } = request;
  if (embedder.state === 'skipped') await embedder.embedPassages([]); // Says why it can't.
  if (request.headers['content-type']?.startsWith('application/json'))
    return receiveJson(parts, request, request.body);
  if (request.headers['content-type'] !== undefined && !request.isMultipart())
    throw new RequestError(
      'unsupported_media_type',
      'Send the file as multipart/form-data in a field named "file" (curl: -F file=@document.txt).',
    );
  if (request.headers['content-type'] === undefined)
    throw new RequestError(
      'file_missing',
      'There is no file. Send it as multipart/form-data in a field named "file".',
    );
  return readUpload(request, {
    maxBytes: Math.max(limits.maxTextBytes, limits.maxUploadBytes),
    stage: upload => stageUpload(db, workspaceId, upload, limits),
    discard: ({ fileId }) => deleteFile(db, workspaceId, fileId),
  });
}

async function receiveJson(
  { limits, fetcher }: Parts,
  { db, workspaceId }: FastifyRequest,
  body: unknown,
): Promise<ReceivedUpload> {
  const schema = typeof body === 'object' && body !== null && 'url' in body ? urlUpload : noteUpload;
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw invalidFields(parsed.error);
  if ('text' in parsed.data) {
    const { text, ...fields } = parsed.data;
    refuseUnstorable(fields);
    // A slash is no folder here.
    const filename = `${fields.title.replace(/[/\\]/g, '-')}.md`;
    const upload = { filename, content: toPieces(Buffer.from(text.toWellFormed())) };
    return { staged: await stageUpload(db, workspaceId, upload, limits), fields };
  }
  const { url, ...others } = parsed.data;
  refuseUnstorable(others);
  const page = await fetcher.fetchUrl(url);
  try {
    const upload = { filename: page.filename, content: page.body, charset: page.charset };
    const fields: DocumentFields = { ...others, source: page.finalUrl };
    return { staged: await stageUpload(db, workspaceId, upload, limits), fields };
  } finally {
    await page.close();
  }
}

async function* toPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

type Answering = {
  request: FastifyRequest;
  reply: FastifyReply;
  accepted: AcceptedDocument;
  startedAt: number;
  /** The upload is the document's next version. */
  isReplacement: boolean;
};

/** Waits for the document as long as the client wants to, and says how it went. */
async function answer(
  { runner, uploadWaitMs }: Parts,
  { request, reply, accepted, startedAt, isReplacement }: Answering,
): Promise<FastifyReply> {
  const { documentId, duplicate } = accepted;
  runner.wake();
  const isAsync = prefersAsync(request);
  if (isAsync) reply.header('preference-applied', 'respond-async');
  const timeoutMs = isAsync ? 0 : uploadWaitMs();
  const watched = await runner.waitFor(request.workspaceId, documentId, { timeoutMs, isReplacement });
  if (!watched) throw new NotFoundError('document'); // It was deleted meanwhile.
  reply.header('location', `/api/document/${documentId}/`);
  const version = (isReplacement && watched.next) || watched.document;
  if (version.state === 'failed') throw failure(documentId, version);
  const isReady = version.state === 'ready';
  const isNew = !duplicate && !isReplacement;
  const elapsedMs = performance.now() - startedAt;
  return reply
    .status(isReady ? (isNew ? 201 : 200) : 202)
    .send(toUploadAnswer(version, { duplicate, elapsedMs, isReady }));
}

/** The reason for which the document is listed as failed. */
function failure(
  documentId: number,
  { error_code, error_message }: Pick<DocumentRow, 'error_code' | 'error_message'>,
): DocumentError {
  const code = errorCodes.find(known => known === error_code) ?? 'document_failed';
  const message = error_message ?? 'The document could not be processed.';
  return new DocumentError(code, message, { extra: { document_id: documentId } });
}

const prefersAsync = (request: FastifyRequest) =>
  String(request.headers.prefer ?? '')
    .split(',')
    .some(preference => preference.trim() === 'respond-async');

type WatchedVersion = Pick<DocumentRow, 'document_id' | 'filename' | 'chunk_count'>;

function toUploadAnswer(
  { document_id, filename, chunk_count }: WatchedVersion,
  { duplicate, elapsedMs, isReady }: { duplicate: boolean; elapsedMs: number; isReady: boolean },
) {
  return {
    document_id,
    filename,
    status: isReady ? ('processed' as const) : ('processing' as const),
    total_chunks: chunk_count,
    processing_time: `${(elapsedMs / 1000).toFixed(2)}s`,
    duplicate,
  };
}
