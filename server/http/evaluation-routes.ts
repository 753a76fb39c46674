import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorBody } from '../../contract/errors.ts';
import {
  evaluationCase,
  evaluationCaseDeletion,
  evaluationCaseList,
  evaluationCaseRequest,
} from '../../contract/evaluation.ts';
import { page } from '../../contract/paging.ts';
import { idInPath } from '../../contract/scalars.ts';
import { refuseUnstorable } from '../documents/refuse-unstorable.ts';
import {
  createEvaluationCase,
  deleteEvaluationCase,
  type EvaluationCaseRow,
  listEvaluationCases,
} from '../sessions/evaluation-case-store.ts';
import { requireOwnMessage } from '../sessions/owning/own-sessions.ts';
import { nextCursor } from './next-cursor.ts';

const tags = ['evaluation'];

/** The questions that `lectern evaluate --own` asks. */
export function evaluationRoutes(): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/evaluation/case/',
      {
        config: { permission: 'write' },
        schema: {
          tags,
          summary:
            'Store a question with the passages that answer it; {"message_id": …} takes them from an answer',
          body: evaluationCaseRequest,
          response: { 201: evaluationCase, 400: errorBody, 404: errorBody },
        },
      },
      async ({ body: { question, passages, message_id: messageId }, workspaceId, asker, db }, reply) => {
        if (question !== undefined) refuseUnstorable({ question });
        if (messageId !== undefined) await requireOwnMessage(db, asker, messageId, 'message');
        const created = await createEvaluationCase(db, workspaceId, { question, passages, messageId });
        return reply.status(201).send(toCase(created));
      },
    );
    app.get(
      '/api/evaluation/case/',
      {
        config: { permission: 'read' },
        schema: {
          tags,
          summary: 'List the stored questions, newest first, with their passages where they are today',
          querystring: page,
          response: { 200: evaluationCaseList },
        },
      },
      async ({ query: { cursor, limit }, workspaceId, db }) => {
        const before = cursor === undefined ? undefined : Number(cursor);
        const cases = await listEvaluationCases(db, workspaceId, { before, limit });
        return { cases: cases.map(toCase), next_cursor: nextCursor(cases, limit) };
      },
    );
    app.delete(
      '/api/evaluation/case/:id/',
      {
        config: { permission: 'write' },
        schema: {
          tags,
          summary: 'Delete a stored question',
          params: z.object({ id: idInPath }),
          response: { 200: evaluationCaseDeletion, 404: errorBody },
        },
      },
      async ({ params: { id }, workspaceId, db }) => {
        await deleteEvaluationCase(db, workspaceId, id);
        return { case_id: id, remaining: 0 as const };
      },
    );
  };
}

function toCase({ id, question, passages, message_id, created_at }: EvaluationCaseRow) {
  return { id, question, passages, message_id, created_at: created_at.toISOString() };
}
