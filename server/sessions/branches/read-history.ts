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

export type History = {
  /** Newest first. */
  turns: Turn[];
  /** How many more stand above these. */
  furtherTurns: number;
};

/** Are read whatever their length: a follow-up question is understood with them. */
const LEAST_TURNS = 10;

type Row = {
  id: number;
  role: 'user' | 'assistant';
  content: string;
  token_count: number;
  all_turns: number;
};

/**
 * The turns above a question on its branch that have an answer: those that may fit into so many tokens, and how many
 * there are beyond. Of these no text is read, however long a session is.
 */
export async function readHistory(
  db: Db,
  { workspaceId, before, mostTokens }: { workspaceId: number; before: number; mostTokens: number },
): Promise<History> {
  const { rows } = await sql<Row>`
    /* prepared: history */
    WITH RECURSIVE above AS (
      SELECT parent_id, 0 AS distance, NULL::bigint AS id, NULL::text AS role, 0 AS token_count, false AS is_turn
      FROM messages WHERE workspace_id = ${workspaceId} AND id = ${before}
      UNION ALL
      SELECT next.parent_id, distance + 1, next.id, next.role, next.token_count,
        next.role = 'assistant' AND next.content <> ''
      FROM above CROSS JOIN LATERAL (
        -- By its key, one after the other: joined, a plan without statistics reads the whole workspace for each.
        SELECT parent_id, id, role, token_count, content FROM messages
        WHERE workspace_id = ${workspaceId} AND id = above.parent_id OFFSET 0
      ) AS next
    ), measured AS (
      SELECT id, role, token_count, distance, sum(token_count) OVER (ORDER BY distance) AS tokens,
        count(*) FILTER (WHERE is_turn) OVER () AS all_turns
      FROM above WHERE distance > 0
    )
    SELECT measured.id, measured.role, message.content, measured.token_count, all_turns::int AS all_turns
    FROM measured JOIN messages AS message ON message.workspace_id = ${workspaceId} AND message.id = measured.id
    WHERE distance <= ${2 * LEAST_TURNS} OR tokens <= ${mostTokens}
    ORDER BY distance`.execute(db);
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
  return { turns, furtherTurns: (rows[0]?.all_turns ?? 0) - turns.length };
}
