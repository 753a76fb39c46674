import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { resumeQuery, stoppedAnswer, streamEvent } from '../../../contract/chat.ts';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import type { AnswerDesk } from '../../chat/answering/answer-desk.ts';
import { RequestError } from '../../errors.ts';
import { requireOwnMessage } from '../../sessions/owning/own-sessions.ts';
import { streamAnswer } from './stream-answer.ts';

type Parts = { answers: AnswerDesk; keepAliveMs: number };

const params = z.object({ id: idInPath });
const tags = ['chat'];
/** No body, or an empty one. */
const noFields = z.strictObject({}).nullish();

/** An answer that there is: following it, stopping it. */
export function answerRoutes({ answers, keepAliveMs }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/api/chat/:id/stream/',
      {
        config: { permission: 'read' },
        exposeHeadRoute: false, // A HEAD would wait for the stream's end.
        schema: {
          tags,
          summary: 'Read an answer’s events again from the beginning or after Last-Event-ID, and follow it',
          params,
          querystring: resumeQuery,
          produces: ['text/event-stream', 'application/json'],
          response: {
            200: {
              description: 'One event per `data:` line; `id:` is what to resume after.',
              content: { 'text/event-stream': { schema: streamEvent } },
            },
            204: z.null().describe('The answer has ended, and its end was seen: do not come back.'),
            400: errorBody,
            404: errorBody,
          },
        },
      },
      async (request, reply) => {
        const { db, asker, params } = request;
        await requireOwnMessage(db, asker, params.id);
        const message = { workspaceId: asker.workspaceId, messageId: params.id };
        const answer = await answers.follow(message, resumeAfter(request, request.query.last_event_id));
        // WHATWG HTML 9.2: this ends an EventSource, which would come back for ever.
        if (answer.isSeen) return reply.status(204).send(null);
        await streamAnswer(reply, answer, keepAliveMs);
      },
    );
    app.post(
      '/api/chat/:id/stop/',
      {
        config: { permission: 'ask' },
        schema: {
          tags,
          summary: 'Stop an answer; what it has so far is kept',
          params,
          body: noFields,
          response: { 200: stoppedAnswer, 400: errorBody, 404: errorBody },
        },
      },
      async ({ params, workspaceId, asker, db }) => {
        await requireOwnMessage(db, asker, params.id);
        const { state, finishReason } = await answers.stop({ workspaceId, messageId: params.id });
        return { message_id: params.id, state, finish_reason: finishReason };
      },
    );
  };
}

/** @throws RequestError when the header is no id of an event. */
function resumeAfter({ headers }: FastifyRequest, lastEventId = '0'): number {
  const last = headers['last-event-id'] ?? lastEventId;
  if (typeof last !== 'string' || !/^\d{1,15}$/.test(last))
    throw new RequestError('invalid_request', 'Last-Event-ID: must be the id of an event.');
  return Number(last);
}
