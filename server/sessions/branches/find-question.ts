import { sql } from 'kysely';
import type { DocumentScope } from '../../../contract/documents.ts';
import type { Asker } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';
import { isInOwnSession } from '../owning/own-sessions.ts';

/** The documents that a question was limited to, as its request said. */
export type QuestionScope = { document_ids?: number[] | undefined; filter?: DocumentScope | undefined };

export type FoundQuestion = {
  userMessageId: number;
  sessionId: number;
  content: string;
  scope: QuestionScope;
};

/**
 * The question that a message is, or that it answers.
 *
 * @throws NotFoundError
 */
export async function findQuestion(db: Db, asker: Asker, messageId: number): Promise<FoundQuestion> {
  const { rows } = await sql<Omit<FoundQuestion, 'scope'> & { scope: QuestionScope | null }>`
    SELECT question.id AS "userMessageId", question.session_id AS "sessionId", question.content, question.scope
    FROM messages AS message
    JOIN messages AS question ON question.workspace_id = message.workspace_id
      AND question.id = CASE message.role WHEN 'user' THEN message.id ELSE message.parent_id END
    WHERE message.workspace_id = ${asker.workspaceId} AND message.id = ${messageId}
      AND ${isInOwnSession(asker, 'message')}`.execute(db);
  const [question] = rows;
  if (!question) throw new NotFoundError('message');
  return { ...question, scope: question.scope ?? {} };
}
