import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorBody } from '../../../contract/errors.ts';
import { feedbackAnswer, feedbackRequest } from '../../../contract/feedback.ts';
import { idInPath } from '../../../contract/scalars.ts';
import { saveFeedback } from '../../sessions/feedback-store.ts';
import { requireOwnMessage } from '../../sessions/owning/own-sessions.ts';
import { toFeedback } from './to-session.ts';

export function feedbackRoutes(): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/message/:id/feedback/',
      {
        config: { permission: 'ask' },
        schema: {
          tags: ['chat'],
          summary: 'Say whether an answer was good; a rating of null takes it back',
          params: z.object({ id: idInPath }),
          body: feedbackRequest,
          response: { 200: feedbackAnswer, 400: errorBody, 404: errorBody },
        },
      },
      async ({ params, body, workspaceId, asker, db }) => {
        await requireOwnMessage(db, asker, params.id, 'message');
        const said = await saveFeedback(db, workspaceId, params.id, body);
        return { message_id: params.id, feedback: toFeedback(said) };
      },
    );
  };
}
