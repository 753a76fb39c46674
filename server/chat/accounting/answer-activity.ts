import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';

export type Failure = { code: string; count: number };

/** The questions and answers that were begun in an hour. */
export type AnswerHour = {
  hour: Date;
  questions: number;
  answered: number;
  notFound: number;
  stopped: number;
  failed: number;
  promptTokens: number;
  completionTokens: number;
  /** Milliseconds; null without an answer that has content. */
  firstContentP50: number | null;
  firstContentP95: number | null;
};

/** By hour from `from`, which begins one; hours without a message are left out. */
export async function readAnswerHours(db: Db, workspaceId: number, from: Date): Promise<AnswerHour[]> {
  const { rows } = await sql<AnswerHour>`
    SELECT date_bin('1 hour', created_at, ${from}::timestamptz) AS hour,
      count(*) FILTER (WHERE role = 'user')::int AS questions,
      count(*) FILTER (WHERE state = 'complete' AND role = 'assistant'
        AND finish_reason NOT IN ('not_found', 'stopped'))::int AS answered,
      count(*) FILTER (WHERE state = 'complete' AND finish_reason = 'not_found')::int AS "notFound",
      count(*) FILTER (WHERE finish_reason = 'stopped')::int AS stopped,
      count(*) FILTER (WHERE state = 'failed' OR state = 'interrupted' AND finish_reason IS DISTINCT FROM 'stopped')::int
        AS failed,
      coalesce(sum((usage ->> 'prompt_tokens')::bigint) FILTER (WHERE usage ->> 'model' IS NOT NULL), 0)::float8
        AS "promptTokens",
      coalesce(sum((usage ->> 'completion_tokens')::bigint) FILTER (WHERE usage ->> 'model' IS NOT NULL), 0)::float8
        AS "completionTokens",
      percentile_disc(0.5) WITHIN GROUP (ORDER BY (timings ->> 'first_content_ms')::float8) AS "firstContentP50",
      percentile_disc(0.95) WITHIN GROUP (ORDER BY (timings ->> 'first_content_ms')::float8) AS "firstContentP95"
    FROM messages WHERE workspace_id = ${workspaceId} AND created_at >= ${from}
    GROUP BY 1`.execute(db);
  return rows;
}

/** Why answers failed since then, the most frequent reason first. */
export async function countAnswerFailures(
  db: Db,
  workspaceId: number,
  { from, limit }: { from: Date; limit: number },
): Promise<Failure[]> {
  const { rows } = await sql<Failure>`
    SELECT error_code AS code, count(*)::int AS count FROM messages
    WHERE workspace_id = ${workspaceId} AND created_at >= ${from} AND error_code IS NOT NULL
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${limit}`.execute(db);
  return rows;
}
