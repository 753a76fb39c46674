import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { chatRequest, streamEvent } from '../../contract/chat.ts';
import { errorBody } from '../../contract/errors.ts';
import type { AnswerRunner } from '../chat/answer-runner.ts';
import { cleanQuestion } from '../chat/clean-question.ts';
import { refuseUnstorable } from '../documents/refuse-unstorable.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { streamAnswer } from './stream-answer.ts';

type Parts = { workspaceId: number; answers: AnswerRunner; embedder: Embedder };

export function chatRoutes({ workspaceId, answers, embedder }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/chat/',
      {
        schema: {
          tags: ['chat'],
          summary: 'Ask a question; the answer comes as server-sent events',
          body: chatRequest,
          produces: ['text/event-stream', 'application/json'],
          response: {
            200: {
              description: 'One event per `data:` line.',
              content: { 'text/event-stream': { schema: streamEvent } },
            },
            400: errorBody,
            404: errorBody,
            409: errorBody.describe(
              'The session is still answering; the error names the running message_id.',
            ),
            413: errorBody,
            503: errorBody,
          },
        },
      },
      async ({ body }, reply) => {
        const question = cleanQuestion(body.message);
        refuseUnstorable(body.filter, 'filter');
        if (embedder.state === 'skipped') await embedder.embedQuestion(question); // Says why it can't.
        const answer = await answers.begin({
          workspaceId,
          sessionId: body.session_id,
          question,
          documentIds: body.document_ids,
          scope: body.filter ?? {},
        });
        await streamAnswer(reply, answer);
      },
    );
  };
}
