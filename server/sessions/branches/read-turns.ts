import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';

/** A question and its answer. */
export type Turn = {
  question: string;
  questionId: number;
  answer: string;
  answerId: number;
  tokenCount: number;
};

/** No model reads more turns than this of a chat. */
const MOST_TURNS = 200;

type Row = { id: number; role: 'user' | 'assistant'; content: string; token_count: number };

/** The turns above a question on its branch that have an answer, newest first. */
export async function readTurns(
  db: Db,
  { workspaceId, before }: { workspaceId: number; before: number },
): Promise<Turn[]> {
  const { rows } = await sql<Row>`
    WITH RECURSIVE above AS (
      SELECT id, parent_id, role, content, token_count, 0 AS distance FROM messages
      WHERE workspace_id = ${workspaceId} AND id = ${before}
      UNION ALL
      SELECT next.id, next.parent_id, next.role, next.content, next.token_count, distance + 1
      FROM above JOIN messages AS next ON next.workspace_id = ${workspaceId} AND next.id = above.parent_id
      WHERE distance < ${2 * MOST_TURNS}
    )
    SELECT id, role, content, token_count FROM above WHERE distance > 0 ORDER BY distance`.execute(db);
  const turns: Turn[] = [];
  for (const [index, answer] of rows.entries()) {
    const question = rows[index + 1];
    if (answer.role !== 'assistant' || answer.content === '' || question?.role !== 'user') continue;
    turns.push({
      question: question.content,
      questionId: question.id,
      answer: answer.content,
      answerId: answer.id,
      tokenCount: question.token_count + answer.token_count,
    });
  }
  return turns;
}
