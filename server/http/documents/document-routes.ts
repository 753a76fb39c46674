import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  document,
  documentChange,
  documentDeletion,
  documentList,
  documentOutline,
  documentStates,
  documentText,
} from '../../../contract/documents.ts';
import { errorBody } from '../../../contract/errors.ts';
import { page } from '../../../contract/paging.ts';
import { idInPath } from '../../../contract/scalars.ts';
import type { Db } from '../../database/open-database.ts';
import { updateDocument } from '../../documents/change-document.ts';
import { deleteDocument } from '../../documents/delete-document.ts';
import { lastChange } from '../../documents/document-changes.ts';
import {
  type DocumentRow,
  getDocument,
  listDocuments,
  listNextVersions,
} from '../../documents/document-store.ts';
import { readOutline, readText } from '../../documents/document-text-store.ts';
import { readAllParts } from '../../documents/file-store.ts';
import type { IngestionRunner } from '../../documents/ingestion/ingestion-runner.ts';
import { RequestError } from '../../errors.ts';
import { attachment } from '../attachment.ts';
import { nextCursor } from '../next-cursor.ts';
import { toDocument } from './to-document.ts';

type Place = { db: Db; workspaceId: number };
type Parts = { runner: IngestionRunner };

const params = z.object({ id: idInPath });
const tags = ['documents'];
/** A parameter that may come once or many times. */
const several = z
  .union([z.string().min(1), z.array(z.string().min(1)).max(50)])
  .transform(value => [value].flat());
const filter = page.extend({
  state: z.enum(documentStates).optional(),
  name: z.string().min(1).max(200).optional().describe('Part of the file name or title.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('Of the file’s bytes.'),
  tag: several.optional().describe('Has this tag; repeated: all of them.'),
  source: z.string().min(1).max(2_000).optional(),
  source_prefix: z.string().min(1).max(2_000).optional().describe('How the source begins.'),
  language: several.optional().describe('Is in this language; repeated: one of them.'),
  metadata: z
    .string()
    .optional()
    .transform(parseMetadata)
    .describe('A JSON object whose values the document’s metadata must hold.'),
});
const offsets = z.strictObject({
  start: z.coerce.number().int().min(0).default(0),
  end: z.coerce.number().int().min(0).optional(),
});
/** UTF-16 units of one answer. */
const MOST_TEXT = 1_000_000;

/** Reading, changing and deleting documents. */
export function documentRoutes({ runner }: Parts): FastifyPluginAsyncZod {
  const describeAll = async ({ db, workspaceId }: Place, rows: DocumentRow[]) => {
    const ids = rows.map(row => row.id);
    const next = await listNextVersions(db, workspaceId, ids);
    const byDocument = new Map(next.map(version => [version.document_id, version]));
    return rows.map(row => toDocument(row, byDocument.get(row.id)));
  };
  const describe = async ({ db, workspaceId }: Place, row: DocumentRow) => {
    const [next] = await listNextVersions(db, workspaceId, [row.id]);
    return toDocument(row, next);
  };
  return async app => {
    app.get(
      '/api/document/',
      {
        config: { permission: 'read' },
        schema: {
          tags,
          summary: 'List documents, newest first',
          querystring: filter,
          response: { 200: documentList, 400: errorBody },
        },
      },
      async ({ query, workspaceId, db }) => {
        const { cursor, tag, source, source_prefix, language, metadata, ...filters } = query;
        const last_change = await lastChange(db, workspaceId);
        const rows = await listDocuments(db, workspaceId, {
          ...filters,
          ...(tag && { tags: tag }),
          ...(source && { sources: [source] }),
          ...(language && { languages: language }),
          ...(metadata && { metadata }),
          sourcePrefix: source_prefix,
          before: cursor === undefined ? undefined : Number(cursor),
        });
        return {
          documents: await describeAll({ db, workspaceId }, rows),
          next_cursor: nextCursor(rows, query.limit),
          last_change,
        };
      },
    );
    app.get(
      '/api/document/:id/',
      {
        config: { permission: 'read' },
        schema: {
          tags,
          summary: 'Read a document’s state',
          params,
          response: { 200: document, 404: errorBody },
        },
      },
      async ({ params: { id }, workspaceId, db }) =>
        describe({ db, workspaceId }, await getDocument(db, workspaceId, id)),
    );
    app.patch(
      '/api/document/:id/',
      {
        config: { permission: 'write' },
        schema: {
          tags,
          summary: 'Change title, tags, source, language or metadata',
          params,
          body: documentChange,
          response: { 200: document, 400: errorBody, 404: errorBody },
        },
      },
      async ({ params: { id }, body, workspaceId, db }) => {
        await updateDocument(db, workspaceId, id, body);
        const then = await describe({ db, workspaceId }, await getDocument(db, workspaceId, id));
        runner.wake(); // A new title is indexed.
        return then;
      },
    );
    app.delete(
      '/api/document/:id/',
      {
        config: { permission: 'write' },
        schema: {
          tags,
          summary: 'Delete a document and all that came of it',
          params,
          response: { 200: documentDeletion, 404: errorBody },
        },
      },
      async ({ params: { id }, workspaceId, db }) => {
        const { documentId, deleted, remaining } = await deleteDocument(db, workspaceId, id);
        const { fileBytes, ...counts } = deleted;
        return { document_id: documentId, deleted: { ...counts, file_bytes: fileBytes }, remaining };
      },
    );
    app.get(
      '/api/document/:id/file/',
      {
        config: { permission: 'read' },
        schema: {
          tags,
          summary: 'Download the original file',
          params,
          produces: ['application/octet-stream'],
          response: {
            200: {
              description: 'Its bytes.',
              content: {
                'application/octet-stream': {
                  schema: z.custom<Readable>().meta({ type: 'string', format: 'binary' }),
                },
              },
            },
            404: errorBody,
          },
        },
      },
      async ({ params: { id }, workspaceId, db }, reply) => {
        const { filename, media_type, byte_size, file_id } = await getDocument(db, workspaceId, id);
        const parts = readAllParts(db, workspaceId, { fileId: file_id, byteSize: byte_size });
        // Before the headers, which are not those of an error.
        const first = await parts.next();
        // Whatever is in it must not run in the page's origin: never shown in place, never sniffed.
        return reply
          .header('content-type', media_type)
          .header('content-length', byte_size)
          .header('content-disposition', attachment(filename))
          .header('content-security-policy', "sandbox; default-src 'none'")
          .header('x-content-type-options', 'nosniff')
          .send(Readable.from(resume(first, parts)));
      },
    );
    app.get(
      '/api/document/:id/text/',
      {
        config: { permission: 'read' },
        schema: {
          tags,
          summary: 'Read the document’s text, or the part around a citation',
          params,
          querystring: offsets,
          response: { 200: documentText, 400: errorBody, 404: errorBody },
        },
      },
      async ({ params: { id }, query: { start, end = start + MOST_TEXT }, workspaceId, db }) => {
        if (end < start || end - start > MOST_TEXT)
          throw new RequestError(
            'invalid_request',
            `end: must lie behind start, by at most ${MOST_TEXT} UTF-16 units.`,
          );
        const { textLength, ...part } = await readText(db, workspaceId, id, { start, end });
        return { document_id: id, text_length: textLength, ...part };
      },
    );
    app.get(
      '/api/document/:id/outline/',
      {
        config: { permission: 'read' },
        schema: {
          tags,
          summary: 'Read the document’s structure: headings, pages, tables',
          params,
          response: { 200: documentOutline, 404: errorBody },
        },
      },
      async ({ params: { id }, workspaceId, db }) => {
        const { pageStarts, ...outline } = await readOutline(db, workspaceId, id);
        return { document_id: id, page_starts: pageStarts, ...outline };
      },
    );
  };
}

/** An iteration of which the first step is done. */
async function* resume<Item>({ done, value }: IteratorResult<Item>, rest: AsyncGenerator<Item>) {
  if (!done) yield value;
  yield* rest;
}

function parseMetadata(text: string | undefined, context: z.RefinementCtx) {
  if (text === undefined) return undefined;
  try {
    const parsed = z.record(z.string(), z.json()).safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {} // The issue below says it.
  context.addIssue({ code: 'custom', message: 'must be a JSON object' });
  return z.NEVER;
}
