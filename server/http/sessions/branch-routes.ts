import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { editRequest, regenerateRequest, streamEvent } from '../../../contract/chat.ts';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import type { AnswerDesk } from '../../chat/answering/answer-desk.ts';
import { cleanQuestion } from '../../chat/context/clean-question.ts';
import { refuseUnstorable } from '../../documents/refuse-unstorable.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { RequestError } from '../../errors.ts';
import { type FoundQuestion, findQuestion } from '../../sessions/branches/find-question.ts';
import { idempotencyHeaders, readIdempotencyKey } from '../chat/idempotency-key.ts';
import { streamAnswer } from '../chat/stream-answer.ts';
import type { LimitAnswers } from '../limits/limit-answers.ts';

type Parts = {
  answers: AnswerDesk;
  limitAnswers: LimitAnswers;
  embedder: Embedder;
  keepAliveMs: number;
};
type Scope = z.infer<typeof regenerateRequest>;

const tags = ['chat'];
const produces = ['text/event-stream', 'application/json'];
const response = {
  200: {
    description: 'One event per `data:` line; `id:` is what to resume after.',
    content: { 'text/event-stream': { schema: streamEvent } },
  },
  400: errorBody,
  404: errorBody,
  409: errorBody.describe('The session is still answering; the error names the running message_id.'),
  413: errorBody,
  422: errorBody.describe('The Idempotency-Key came with another request before.'),
  429: errorBody.describe('The day’s tokens are used up; Retry-After says when there are new ones.'),
  503: errorBody,
};

/** New branches of a session: another answer to a question, another version of a question. */
export function branchRoutes({ answers, limitAnswers, embedder, keepAliveMs }: Parts): FastifyPluginAsyncZod {
  /** The request's own scope, else that of the question before. */
  const scopeOf = (question: FoundQuestion, body: Scope) => {
    const { document_ids, filter } = body.document_ids || body.filter ? body : question.scope;
    return { documentIds: document_ids, scope: filter ?? {} };
  };
  const check = async (body: Scope, question: string) => {
    refuseUnstorable(body.filter, 'filter');
    if (embedder.state === 'skipped') await embedder.embedQuestion(question); // Says why it can't.
  };
  return async app => {
    app.post(
      '/api/chat/:message_id/regenerate/',
      {
        config: { permission: 'ask' },
        schema: {
          tags,
          summary: 'Answer a question anew; the answer before stays readable. Streams as a new question does',
          params: z.object({ message_id: idInPath }),
          headers: idempotencyHeaders,
          body: regenerateRequest.nullish(),
          produces,
          response,
        },
      },
      async (request, reply) => {
        const { params, body, asker, db } = request;
        const question = await findQuestion(db, asker, params.message_id);
        await check(body ?? {}, question.content);
        const answer = await answers.begin(
          {
            ...asker,
            sessionId: question.sessionId,
            question: question.content,
            ...scopeOf(question, body ?? {}),
            place: { userMessageId: question.userMessageId },
            model: body?.model,
            temperature: body?.temperature,
          },
          {
            claim: limitAnswers(request),
            idempotency: readIdempotencyKey(request, { regenerate: params.message_id, ...body }),
          },
        );
        await streamAnswer(reply, answer, keepAliveMs);
      },
    );
    app.post(
      '/api/message/:id/edit/',
      {
        config: { permission: 'ask' },
        schema: {
          tags,
          summary:
            'Ask another version of a question; the one before stays readable. Streams as a new question does',
          params: z.object({ id: idInPath }),
          headers: idempotencyHeaders,
          body: editRequest,
          produces,
          response,
        },
      },
      async (request, reply) => {
        const { params, body, asker, db } = request;
        const before = await findQuestion(db, asker, params.id);
        if (before.userMessageId !== params.id)
          throw new RequestError(
            'invalid_request',
            'Only a question can be edited; this message is an answer.',
          );
        const question = cleanQuestion(body.message);
        await check(body, question);
        const answer = await answers.begin(
          {
            ...asker,
            sessionId: before.sessionId,
            question,
            ...scopeOf(before, body),
            place: { versionOf: before.userMessageId },
            model: body.model,
            temperature: body.temperature,
          },
          {
            claim: limitAnswers(request),
            idempotency: readIdempotencyKey(request, { edit: params.id, ...body }),
          },
        );
        await streamAnswer(reply, answer, keepAliveMs);
      },
    );
  };
}
