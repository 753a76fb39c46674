import { sql } from 'kysely';
import type { Cost } from '../../contract/usage.ts';
import type { Db } from '../database/open-database.ts';
import { NotFoundError } from '../errors.ts';

type SessionUsage = { answers: number; promptTokens: number; completionTokens: number; costs: Cost[] };

/**
 * What the language models took for the answers of a session, those of all branches. Quotes take nothing.
 *
 * @throws NotFoundError when there is no such session.
 */
export async function readSessionUsage(
  db: Db,
  workspaceId: number,
  sessionId: number,
): Promise<SessionUsage> {
  const { rows } = await sql<
    Omit<SessionUsage, 'costs'> & { currency: string | null; amount: number | null }
  >`
    SELECT count(answer.id)::int AS answers,
      coalesce(sum((answer.usage ->> 'prompt_tokens')::bigint), 0)::float8 AS "promptTokens",
      coalesce(sum((answer.usage ->> 'completion_tokens')::bigint), 0)::float8 AS "completionTokens",
      answer.usage -> 'cost' ->> 'currency' AS currency,
      sum((answer.usage -> 'cost' ->> 'amount')::numeric)::float8 AS amount
    FROM sessions AS session
    LEFT JOIN messages AS answer ON answer.workspace_id = session.workspace_id AND answer.session_id = session.id
      AND answer.role = 'assistant' AND answer.usage ->> 'model' IS NOT NULL
    WHERE session.workspace_id = ${workspaceId} AND session.id = ${sessionId}
    GROUP BY 4`.execute(db);
  if (rows.length === 0) throw new NotFoundError('session');
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    answers: sum(row => row.answers),
    promptTokens: sum(row => row.promptTokens),
    completionTokens: sum(row => row.completionTokens),
    costs: rows.flatMap(({ currency, amount }) =>
      currency === null || amount === null ? [] : [{ amount, currency }],
    ),
  };
}
