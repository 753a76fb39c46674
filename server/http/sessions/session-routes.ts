import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import {
  session,
  sessionChange,
  sessionDeletion,
  sessionList,
  sessionQuery,
} from '../../../contract/sessions.ts';
import type { AnswerDesk } from '../../chat/answering/answer-desk.ts';
import type { Db } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';
import { readBranch } from '../../sessions/branches/read-branch.ts';
import { listSessions } from '../../sessions/searching/list-sessions.ts';
import type { MessageIndexer } from '../../sessions/searching/message-indexer.ts';
import {
  changeSession,
  createSession,
  deleteSession,
  getSession,
  type SessionRow,
} from '../../sessions/session-store.ts';
import { readSourceStates } from '../../sessions/source-states.ts';
import { toSession } from './to-session.ts';

type Place = { db: Db; workspaceId: number };
type Parts = { indexer: MessageIndexer; answers: AnswerDesk };

const params = z.object({ id: idInPath });
const tags = ['sessions'];
/** No body, or an empty one. */
const noFields = z.strictObject({}).nullish();
const branch = z.strictObject({
  leaf: idInPath.optional().describe('The branch of this message instead of the active one.'),
});

export function sessionRoutes({ indexer, answers }: Parts): FastifyPluginAsyncZod {
  const describe = async ({ db, workspaceId }: Place, row: SessionRow, leaf?: number) => {
    const place = { workspaceId, sessionId: row.id };
    const messages = await readBranch(db, place, leaf ?? row.active_message_id);
    if (leaf !== undefined && !messages.some(message => message.id === leaf))
      throw new NotFoundError('message');
    const sources = messages.flatMap(message => message.evidence?.sources ?? []);
    return toSession(row, messages, await readSourceStates(db, workspaceId, sources));
  };
  return async app => {
    app.post(
      '/api/session/create/',
      {
        config: { permission: 'ask' },
        schema: {
          tags,
          summary: 'Create a session',
          body: noFields,
          response: { 201: session, 400: errorBody },
        },
      },
      async ({ asker, db }, reply) =>
        reply.status(201).send(toSession(await createSession(db, asker), [], () => 'gone')),
    );
    app.get(
      '/api/session/',
      {
        config: { permission: 'read' },
        schema: {
          tags,
          summary: 'List sessions: pinned ones first, then those asked last; or search them',
          querystring: sessionQuery,
          response: { 200: sessionList, 400: errorBody },
        },
      },
      async ({ query: { q, cursor, limit }, asker, db }) => {
        if (q) await indexer.catchUp();
        const { sessions, nextCursor } = await listSessions(db, asker, { cursor, limit, query: q });
        return {
          sessions: sessions.map(({ created_at, updated_at, ...row }) => ({
            ...row,
            created_at: created_at.toISOString(),
            updated_at: updated_at.toISOString(),
          })),
          next_cursor: nextCursor,
        };
      },
    );
    const reading = { tags, params, querystring: branch, response: { 200: session, 404: errorBody } };
    app.get(
      '/api/session/:id/messages/',
      {
        config: { permission: 'read' },
        schema: { ...reading, summary: 'Read the history of a session: its active branch' },
      },
      async ({ params, query, workspaceId, asker, db }) =>
        describe({ db, workspaceId }, await getSession(db, asker, params.id), query.leaf),
    );
    app.get(
      '/api/session/:id/',
      { config: { permission: 'read' }, schema: { ...reading, summary: 'Read a session' } },
      async ({ params, query, workspaceId, asker, db }) =>
        describe({ db, workspaceId }, await getSession(db, asker, params.id), query.leaf),
    );
    app.patch(
      '/api/session/:id/',
      {
        config: { permission: 'ask' },
        schema: {
          tags,
          summary: 'Name or pin a session, or turn it to another branch',
          params,
          body: sessionChange,
          response: { 200: session, 400: errorBody, 404: errorBody },
        },
      },
      async ({ params, body, workspaceId, asker, db }) =>
        describe({ db, workspaceId }, await changeSession(db, asker, params.id, body)),
    );
    app.delete(
      '/api/session/:id/',
      {
        config: { permission: 'ask' },
        schema: {
          tags,
          summary: 'Delete a session with all that hangs on it; an answer that is being written ends',
          params,
          response: { 200: sessionDeletion, 404: errorBody },
        },
      },
      async ({ params, workspaceId, asker, db }) => {
        const { deleted, remaining } = await deleteSession(db, asker, params.id);
        answers.endSession(workspaceId, params.id);
        return { session_id: params.id, deleted, remaining };
      },
    );
  };
}
