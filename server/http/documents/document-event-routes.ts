import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type DocumentEvent, documentEvent } from '../../../contract/documents.ts';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import type { Db } from '../../database/open-database.ts';
import { type DocumentChange, findChange, lastChange } from '../../documents/document-changes.ts';
import {
  getDocument,
  listNextVersions,
  listUnfinished,
  readDocuments,
} from '../../documents/document-store.ts';
import type { DocumentFollower } from '../../documents/follow-documents.ts';
import { streamEvents } from '../stream-events.ts';
import { toDocument } from './to-document.ts';

type Parts = { follower: DocumentFollower };
type Place = { db: Db; workspaceId: number };

const params = z.object({ id: idInPath });
const query = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Begin after this change: `last_change` of a list. The header Last-Event-ID wins.'),
});
const response = {
  200: {
    description: 'One event per `data:` line; `id:` is what to resume after (Last-Event-ID).',
    content: { 'text/event-stream': { schema: documentEvent } },
  },
};

/** An event with the number to resume after. */
type NumberedEvent = { number: number; event: DocumentEvent };

/** Progress as server-sent events. */
export function documentEventRoutes({ follower }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/api/document/events/',
      {
        config: { permission: 'read' },
        exposeHeadRoute: false, // A HEAD would wait for the stream's end.
        schema: {
          tags: ['documents'],
          summary: 'Follow all documents: first those that are being processed, then every change',
          querystring: query,
          produces: ['text/event-stream'],
          response,
        },
      },
      async (request, reply) => {
        const { db, workspaceId } = request;
        const place = { db, workspaceId };
        const now = await lastChange(db, workspaceId);
        const after = resumeAfter(request, request.query.after);
        await streamEvents(beginStream(reply), async function* (gone) {
          if (after === undefined) {
            const unfinished = await listUnfinished(db, workspaceId);
            const changes = unfinished.map(documentId => ({ documentId, number: now, deleted: false }));
            yield format(await toEvents(place, changes));
          }
          // A number from the future belongs to another database: everything that comes is new then.
          for await (const changes of follower.follow(workspaceId, Math.min(after ?? now, now), gone))
            yield format(await toEvents(place, changes));
        });
      },
    );
    app.get(
      '/api/document/:id/events/',
      {
        config: { permission: 'read' },
        exposeHeadRoute: false,
        schema: {
          tags: ['documents'],
          summary: 'Follow one document until the work on it has ended',
          params,
          produces: ['text/event-stream'],
          response: {
            ...response,
            204: z.null().describe('It has ended, and all of it was seen.'),
            404: errorBody,
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { db, workspaceId } = request;
        const place = { db, workspaceId };
        // Before the document is looked for: a deletion that comes after that look must not be missed.
        const now = await lastChange(db, workspaceId);
        await getDocument(db, workspaceId, id);
        const current = await toEvents(place, [{ documentId: id, number: now, deleted: false }]);
        // WHATWG HTML 9.2: this ends an EventSource, which would come back for ever.
        if (current.some(hasEnded) && (await hasSeen(place, id, resumeAfter(request, undefined))))
          return reply.status(204).send(null);
        await streamEvents(beginStream(reply), async function* (gone) {
          yield format(current);
          if (current.some(hasEnded)) return;
          for await (const changes of follower.follow(workspaceId, now, gone)) {
            const events = await toEvents(
              place,
              changes.filter(change => change.documentId === id),
            );
            if (events.length > 0) yield format(events);
            if (events.some(hasEnded)) return;
          }
        });
      },
    );
  };
}

/** When the server stops, the streams end after it has closed the connections that are idle: none may be left. */
const beginStream = (reply: FastifyReply) => reply.header('connection', 'close');

function resumeAfter({ headers }: FastifyRequest, after: number | undefined): number | undefined {
  const last = headers['last-event-id'];
  return typeof last === 'string' && /^\d{1,15}$/.test(last) ? Number(last) : after;
}

/** Whether a client that has seen the events up to that number has seen the document's last one. */
async function hasSeen({ db, workspaceId }: Place, id: number, number = -1): Promise<boolean> {
  const change = await findChange(db, workspaceId, id);
  return change !== undefined && change.number <= number;
}

/** Documents as they are now; one that is gone since its change is told by the change that follows. */
async function toEvents({ db, workspaceId }: Place, changes: DocumentChange[]): Promise<NumberedEvent[]> {
  const ids = changes.filter(({ deleted }) => !deleted).map(({ documentId }) => documentId);
  const rows = new Map((await readDocuments(db, workspaceId, ids)).map(row => [row.id, row]));
  const next = new Map(
    (await listNextVersions(db, workspaceId, ids)).map(version => [version.document_id, version]),
  );
  return changes.flatMap(({ documentId, number, deleted }): NumberedEvent[] => {
    if (deleted) return [{ number, event: { type: 'deleted', document_id: documentId } }];
    const row = rows.get(documentId);
    if (!row) return [];
    return [{ number, event: { type: 'document', document: toDocument(row, next.get(documentId)) } }];
  });
}

function hasEnded({ event }: NumberedEvent): boolean {
  if (event.type === 'deleted') return true;
  const { state, replacement } = event.document;
  const ended = (value: string) => value === 'ready' || value === 'failed';
  return ended(state) && (replacement === null || ended(replacement.state));
}

/** Empty for no event: the stream's head is sent by then. */
const format = (events: NumberedEvent[]) =>
  events.map(({ number, event }) => `id: ${number}\ndata: ${JSON.stringify(event)}\n\n`).join('');
