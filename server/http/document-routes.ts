import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  document,
  documentDeletion,
  documentList,
  documentStates,
  uploadAnswer,
} from '../../contract/documents.ts';
import { errorBody } from '../../contract/errors.ts';
import { page } from '../../contract/paging.ts';
import { idInPath } from '../../contract/scalars.ts';
import type { Db } from '../database/open-database.ts';
import { acceptDocument } from '../documents/accept-document.ts';
import { type DocumentRow, deleteDocument, getDocument, listDocuments } from '../documents/document-store.ts';
import type { IngestionRunner } from '../documents/ingestion-runner.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { DocumentError, NotFoundError } from '../errors.ts';
import { nextCursor } from './next-cursor.ts';
import { readUpload } from './read-upload.ts';

type Parts = {
  db: Db;
  workspaceId: number;
  runner: IngestionRunner;
  embedder: Embedder;
  maxTextBytes: number;
  uploadWaitMs: number;
};

const params = z.object({ id: idInPath });
const tags = ['documents'];
const filter = page.extend({
  state: z.enum(documentStates).optional(),
  name: z.string().min(1).max(200).optional().describe('Part of the file name.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('Of the file’s bytes.'),
});

export function documentRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { db, workspaceId } = parts;
  return async app => {
    // Here only: elsewhere such a body is of the wrong type.
    await app.register(multipart, { limits: { files: 2, fields: 20, parts: 22 } });
    app.post(
      '/api/document/',
      {
        schema: {
          tags,
          summary: 'Upload a document (multipart/form-data, field "file")',
          consumes: ['multipart/form-data'],
          response: {
            200: uploadAnswer.describe('The same bytes were there already.'),
            201: uploadAnswer.describe('Processed.'),
            202: uploadAnswer.describe('Still processing; Location leads to the document.'),
            400: errorBody,
            413: errorBody,
            415: errorBody,
            422: errorBody,
            503: errorBody,
          },
        },
      },
      async (request, reply) => {
        if (parts.embedder.state === 'skipped') await parts.embedder.embedPassages([]); // Says why it can't.
        const startedAt = performance.now();
        const upload = await readUpload(request, parts.maxTextBytes);
        const { documentId, duplicate } = await acceptDocument(db, workspaceId, upload);
        parts.runner.wake();
        const waitMs = prefersAsync(request) ? 0 : parts.uploadWaitMs;
        const row = await parts.runner.waitFor(workspaceId, documentId, waitMs);
        if (!row) throw new NotFoundError('document'); // It was deleted meanwhile.
        if (row.state === 'failed')
          throw new DocumentError(
            'document_failed',
            row.error_message ?? 'The document could not be processed.',
            {
              extra: { document_id: documentId },
            },
          );
        const ready = row.state === 'ready';
        reply.header('location', `/api/document/${documentId}/`);
        return reply
          .status(ready ? (duplicate ? 200 : 201) : 202)
          .send(toUploadAnswer(row, { duplicate, elapsedMs: performance.now() - startedAt }));
      },
    );
    app.get(
      '/api/document/',
      {
        schema: {
          tags,
          summary: 'List documents, newest first',
          querystring: filter,
          response: { 200: documentList },
        },
      },
      async ({ query: { cursor, ...filters } }) => {
        const before = cursor === undefined ? undefined : Number(cursor);
        const rows = await listDocuments(db, workspaceId, { ...filters, before });
        return { documents: rows.map(toDocument), next_cursor: nextCursor(rows, filters.limit) };
      },
    );
    app.get(
      '/api/document/:id/',
      {
        schema: {
          tags,
          summary: 'Read a document’s state',
          params,
          response: { 200: document, 404: errorBody },
        },
      },
      async ({ params }) => toDocument(await getDocument(db, workspaceId, params.id)),
    );
    app.delete(
      '/api/document/:id/',
      {
        schema: {
          tags,
          summary: 'Delete a document and all that came of it',
          params,
          response: { 200: documentDeletion, 404: errorBody },
        },
      },
      async ({ params }) => {
        const { documentId, deleted, remaining } = await deleteDocument(db, workspaceId, params.id);
        const { fileBytes, ...counts } = deleted;
        return { document_id: documentId, deleted: { ...counts, file_bytes: fileBytes }, remaining };
      },
    );
  };
}

const prefersAsync = (request: FastifyRequest) =>
  String(request.headers.prefer ?? '')
    .split(',')
    .some(preference => preference.trim() === 'respond-async');

function toUploadAnswer(
  row: DocumentRow,
  { duplicate, elapsedMs }: { duplicate: boolean; elapsedMs: number },
) {
  return {
    document_id: row.id,
    filename: row.filename,
    status: row.state === 'ready' ? ('processed' as const) : ('processing' as const),
    total_chunks: row.chunk_count,
    processing_time: `${(elapsedMs / 1000).toFixed(2)}s`,
    duplicate,
  };
}

function toDocument(row: DocumentRow) {
  return {
    id: row.id,
    filename: row.filename,
    media_type: row.media_type,
    byte_size: row.byte_size,
    sha256: row.sha256,
    state: row.state,
    progress: row.progress,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
    text_length: row.text_length,
    total_chunks: row.chunk_count,
    total_passages: row.passage_count,
    processing_ms: row.processing_ms,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
