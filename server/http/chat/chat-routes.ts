import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { chatRequest, streamEvent } from '../../../contract/chat.ts';
import { errorBody } from '../../../contract/errors.ts';
import type { AnswerDesk } from '../../chat/answering/answer-desk.ts';
import { cleanQuestion } from '../../chat/context/clean-question.ts';
import { refuseUnstorable } from '../../documents/refuse-unstorable.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import type { LimitAnswers } from '../limits/limit-answers.ts';
import { idempotencyHeaders, readIdempotencyKey } from './idempotency-key.ts';
import { streamAnswer } from './stream-answer.ts';

type Parts = {
  answers: AnswerDesk;
  limitAnswers: LimitAnswers;
  embedder: Embedder;
  keepAliveMs: number;
};

export function chatRoutes({ answers, limitAnswers, embedder, keepAliveMs }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/chat/',
      {
        config: { permission: 'ask' },
        schema: {
          tags: ['chat'],
          summary: 'Ask a question; the answer comes as server-sent events',
          headers: idempotencyHeaders,
          body: chatRequest,
          produces: ['text/event-stream', 'application/json'],
          response: {
            200: {
              description:
                'One event per `data:` line; `id:` is what to resume after, at /api/chat/{message_id}/stream/.',
              content: { 'text/event-stream': { schema: streamEvent } },
            },
            400: errorBody,
            404: errorBody,
            409: errorBody.describe(
              'The session is still answering; the error names the running message_id.',
            ),
            413: errorBody,
            429: errorBody.describe(
              'The day’s tokens are used up; Retry-After says when there are new ones.',
            ),
            422: errorBody.describe('The Idempotency-Key came with another request before.'),
            503: errorBody,
          },
        },
      },
      async (request, reply) => {
        const { body, asker } = request;
        const question = cleanQuestion(body.message);
        refuseUnstorable(body.filter, 'filter');
        if (embedder.state === 'skipped') await embedder.embedQuestion(question); // Says why it can't.
        const answer = await answers.begin(
          {
            ...asker,
            sessionId: body.session_id,
            question,
            documentIds: body.document_ids,
            scope: body.filter ?? {},
            place: { after: body.parent_id },
            model: body.model,
            temperature: body.temperature,
          },
          { claim: limitAnswers(request), idempotency: readIdempotencyKey(request, body) },
        );
        await streamAnswer(reply, answer, keepAliveMs);
      },
    );
  };
}
