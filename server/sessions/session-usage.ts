import { sql } from 'kysely';
import type { CallPurpose, Cost } from '../../contract/usage.ts';
import type { Asker } from '../database/isolation/for-workspace.ts';
import type { Db } from '../database/open-database.ts';
import { NotFoundError } from '../errors.ts';
import { isOwn } from './owning/own-sessions.ts';

/** Calls of a language model for a session that wrote none of its answers. */
export type SessionCalls = {
  workspaceId: number;
  sessionId: number;
  purpose: CallPurpose;
  model: string;
  calls: number;
  /** Of these the provider reported no tokens. */
  estimatedCalls: number;
  promptTokens: number;
  completionTokens: number;
  /** Null for a model without a price. */
  cost: Cost | null;
};

type AnswersUsage = { answers: number; promptTokens: number; completionTokens: number; costs: Cost[] };
type SessionUsage = { answers: AnswersUsage; beside: Omit<SessionCalls, 'workspaceId' | 'sessionId'>[] };

/** Adds to what is there; what is of a session that is gone is passed over. A cost whose currency changes begins anew. */
export async function addSessionCalls(db: Db, rows: readonly SessionCalls[]): Promise<void> {
  const parameters = rows.map(({ cost, ...row }) => ({
    ...row,
    cost: cost?.amount ?? null,
    currency: cost?.currency ?? null,
  }));
  await sql`
    INSERT INTO session_calls AS old (workspace_id, session_id, purpose, model, calls, estimated_calls, prompt_tokens,
      completion_tokens, cost, currency)
    SELECT row."workspaceId", row."sessionId", row.purpose, row.model, row.calls, row."estimatedCalls",
      row."promptTokens", row."completionTokens", row.cost, row.currency
    FROM jsonb_to_recordset(${JSON.stringify(parameters)}::jsonb) AS row ("workspaceId" bigint, "sessionId" bigint,
      purpose text, model text, calls bigint, "estimatedCalls" bigint, "promptTokens" bigint,
      "completionTokens" bigint, cost numeric, currency text)
    JOIN sessions ON sessions.workspace_id = row."workspaceId" AND sessions.id = row."sessionId"
    ON CONFLICT (workspace_id, session_id, purpose, model) DO UPDATE SET
      calls = old.calls + EXCLUDED.calls,
      estimated_calls = old.estimated_calls + EXCLUDED.estimated_calls,
      prompt_tokens = old.prompt_tokens + EXCLUDED.prompt_tokens,
      completion_tokens = old.completion_tokens + EXCLUDED.completion_tokens,
      cost = CASE WHEN EXCLUDED.cost IS NULL THEN old.cost
        WHEN old.currency = EXCLUDED.currency THEN old.cost + EXCLUDED.cost ELSE EXCLUDED.cost END,
      currency = coalesce(EXCLUDED.currency, old.currency)`.execute(db);
}

/**
 * What the language models took for the answers of a session, those of all branches, and beside them. Quotes take
 * nothing.
 *
 * @throws NotFoundError when there is no such session.
 */
export async function readSessionUsage(db: Db, asker: Asker, sessionId: number): Promise<SessionUsage> {
  const [answers, beside] = await Promise.all([
    readAnswersUsage(db, asker, sessionId),
    readCalls(db, asker.workspaceId, sessionId),
  ]);
  return { answers, beside };
}

async function readAnswersUsage(db: Db, asker: Asker, sessionId: number): Promise<AnswersUsage> {
  const { rows } = await sql<
    Omit<AnswersUsage, 'costs'> & { currency: string | null; amount: number | null }
  >`
    SELECT count(answer.id)::int AS answers,
      coalesce(sum((answer.usage ->> 'prompt_tokens')::bigint), 0)::float8 AS "promptTokens",
      coalesce(sum((answer.usage ->> 'completion_tokens')::bigint), 0)::float8 AS "completionTokens",
      answer.usage -> 'cost' ->> 'currency' AS currency,
      sum((answer.usage -> 'cost' ->> 'amount')::numeric)::float8 AS amount
    FROM sessions AS session
    LEFT JOIN messages AS answer ON answer.workspace_id = session.workspace_id AND answer.session_id = session.id
      AND answer.role = 'assistant' AND answer.usage ->> 'model' IS NOT NULL
    WHERE ${isOwn(asker, 'session')} AND session.id = ${sessionId}
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

async function readCalls(db: Db, workspaceId: number, sessionId: number): Promise<SessionUsage['beside']> {
  const { rows } = await sql<
    Omit<SessionUsage['beside'][number], 'cost'> & { amount: number | null; currency: string | null }
  >`
    SELECT purpose, model, calls::float8 AS calls, estimated_calls::float8 AS "estimatedCalls",
      prompt_tokens::float8 AS "promptTokens", completion_tokens::float8 AS "completionTokens", cost::float8 AS amount,
      currency
    FROM session_calls WHERE workspace_id = ${workspaceId} AND session_id = ${sessionId}
    ORDER BY purpose, model`.execute(db);
  return rows.map(({ amount, currency, ...row }) => ({
    ...row,
    cost: amount === null || currency === null ? null : { amount, currency },
  }));
}
