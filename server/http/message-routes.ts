import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorBody } from '../../contract/errors.ts';
import { followUps } from '../../contract/follow-ups.ts';
import { idInPath } from '../../contract/scalars.ts';
import { answerTrace } from '../../contract/trace.ts';
import { suggestFollowUps } from '../chat/following-up/suggest-follow-ups.ts';
import { readTrace } from '../chat/tracing/read-trace.ts';
import { NotFoundError } from '../errors.ts';
import { requireOwnMessage } from '../sessions/owning/own-sessions.ts';

export function messageRoutes(): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/api/message/:id/trace/',
      {
        config: { permission: 'read' },
        schema: {
          tags: ['chat'],
          summary: 'Read how an answer came about: what was searched, found and chosen',
          params: z.object({ id: idInPath }),
          response: { 200: answerTrace, 404: errorBody },
        },
      },
      async ({ params, workspaceId, asker, db }) => {
        await requireOwnMessage(db, asker, params.id);
        const trace = await readTrace(db, workspaceId, params.id);
        if (!trace) throw new NotFoundError('answer');
        return trace;
      },
    );
    app.get(
      '/api/message/:id/follow-ups/',
      {
        config: { permission: 'read' },
        schema: {
          tags: ['chat'],
          summary: 'Questions to go on with after an answer, from the documents that it cites',
          params: z.object({ id: idInPath }),
          response: { 200: followUps, 404: errorBody },
        },
      },
      async ({ params: { id }, workspaceId, asker, db }) => {
        await requireOwnMessage(db, asker, id);
        return { message_id: id, questions: await suggestFollowUps(db, workspaceId, id) };
      },
    );
  };
}
