import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorBody } from '../../contract/errors.ts';
import { page } from '../../contract/paging.ts';
import { idInPath } from '../../contract/scalars.ts';
import { session, sessionDeletion, sessionList } from '../../contract/sessions.ts';
import type { Db } from '../database/open-database.ts';
import { listMessages, type MessageRow } from '../sessions/message-store.ts';
import { createSession, deleteSession, getSession, listSessions } from '../sessions/session-store.ts';
import { readSourceStates, type SourceStates } from '../sessions/source-states.ts';
import { nextCursor } from './next-cursor.ts';

type Parts = { db: Db; workspaceId: number };

const params = z.object({ id: idInPath });
const tags = ['sessions'];
/** No body, or an empty one. */
const noFields = z.strictObject({}).nullish();

export function sessionRoutes({ db, workspaceId }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/session/create/',
      {
        schema: {
          tags,
          summary: 'Create a session',
          body: noFields,
          response: { 201: session, 400: errorBody },
        },
      },
      async (_, reply) =>
        reply.status(201).send(toSession(await createSession(db, workspaceId), [], () => 'gone')),
    );
    app.get(
      '/api/session/',
      {
        schema: {
          tags,
          summary: 'List sessions, newest first',
          querystring: page,
          response: { 200: sessionList },
        },
      },
      async ({ query }) => {
        const before = query.cursor === undefined ? undefined : Number(query.cursor);
        const sessions = await listSessions(db, workspaceId, { before, limit: query.limit });
        return {
          sessions: sessions.map(({ id, created_at, updated_at, message_count }) => ({
            id,
            created_at: created_at.toISOString(),
            updated_at: updated_at.toISOString(),
            message_count,
          })),
          next_cursor: nextCursor(sessions, query.limit),
        };
      },
    );
    const readSession = async (id: number) => {
      const session = await getSession(db, workspaceId, id);
      const messages = await listMessages(db, workspaceId, id);
      const sources = messages.flatMap(message => message.evidence?.sources ?? []);
      return toSession(session, messages, await readSourceStates(db, workspaceId, sources));
    };
    const reading = { tags, params, response: { 200: session, 404: errorBody } };
    app.get(
      '/api/session/:id/messages/',
      { schema: { ...reading, summary: 'Read the history of a session' } },
      ({ params }) => readSession(params.id),
    );
    app.get('/api/session/:id/', { schema: { ...reading, summary: 'Read a session' } }, ({ params }) =>
      readSession(params.id),
    );
    app.delete(
      '/api/session/:id/',
      {
        schema: {
          tags,
          summary: 'Delete a session with its messages',
          params,
          response: { 200: sessionDeletion, 404: errorBody },
        },
      },
      async ({ params }) => ({
        session_id: params.id,
        deleted: { messages: await deleteSession(db, workspaceId, params.id) },
        remaining: 0 as const,
      }),
    );
  };
}

function toSession(
  row: { id: number; created_at: Date; updated_at: Date },
  messages: MessageRow[],
  stateOf: SourceStates,
) {
  return {
    id: row.id,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    messages: messages.map(message => toMessage(message, stateOf)),
  };
}

function toMessage(row: MessageRow, stateOf: SourceStates) {
  return {
    id: row.id,
    role: row.role,
    content: row.content,
    created_at: row.created_at.toISOString(),
    state: row.state,
    finish_reason: row.finish_reason,
    model: row.model,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
    sources: (row.evidence?.sources ?? []).map(source => ({ ...source, state: stateOf(source) })),
  };
}
