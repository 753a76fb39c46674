import { sql } from 'kysely';
import type { Cost } from '../../../contract/usage.ts';
import type { Db } from '../../database/open-database.ts';

/** What a language model took of a workspace on a day. */
export type DayOfModel = {
  workspaceId: number;
  /** YYYY-MM-DD, in UTC. */
  day: string;
  model: string;
  calls: number;
  /** Of these the provider reported no tokens. */
  estimatedCalls: number;
  promptTokens: number;
  completionTokens: number;
  /** Null for a model without a price. */
  cost: Cost | null;
};

/** Adds to what is there. The cost of a day whose currency changes begins anew. */
export async function addTokenUsage(db: Db, rows: readonly DayOfModel[]): Promise<void> {
  await sql`
    INSERT INTO token_usage AS old (workspace_id, day, model, calls, estimated_calls, prompt_tokens, completion_tokens,
      cost, currency)
    SELECT * FROM unnest(${rows.map(row => row.workspaceId)}::bigint[], ${rows.map(row => row.day)}::date[],
      ${rows.map(row => row.model)}::text[], ${rows.map(row => row.calls)}::bigint[],
      ${rows.map(row => row.estimatedCalls)}::bigint[], ${rows.map(row => row.promptTokens)}::bigint[],
      ${rows.map(row => row.completionTokens)}::bigint[], ${rows.map(row => row.cost?.amount ?? null)}::numeric[],
      ${rows.map(row => row.cost?.currency ?? null)}::text[])
    ON CONFLICT (workspace_id, day, model) DO UPDATE SET
      calls = old.calls + EXCLUDED.calls,
      estimated_calls = old.estimated_calls + EXCLUDED.estimated_calls,
      prompt_tokens = old.prompt_tokens + EXCLUDED.prompt_tokens,
      completion_tokens = old.completion_tokens + EXCLUDED.completion_tokens,
      cost = CASE WHEN EXCLUDED.cost IS NULL THEN old.cost
        WHEN old.currency = EXCLUDED.currency THEN old.cost + EXCLUDED.cost ELSE EXCLUDED.cost END,
      currency = coalesce(EXCLUDED.currency, old.currency)`.execute(db);
}

/** Prompt and completion together. */
export async function readTokensOfDay(db: Db, workspaceId: number, day: string): Promise<number> {
  const { rows } = await sql<{ tokens: number }>`
    SELECT coalesce(sum(prompt_tokens + completion_tokens), 0)::float8 AS tokens FROM token_usage
    WHERE workspace_id = ${workspaceId} AND day = ${day}::date`.execute(db);
  return rows[0]?.tokens ?? 0;
}

/** From that day on, the newest first. */
export async function readTokenUsage(db: Db, workspaceId: number, from: string): Promise<DayOfModel[]> {
  const { rows } = await sql<Omit<DayOfModel, 'cost'> & { amount: number | null; currency: string | null }>`
    SELECT workspace_id AS "workspaceId", to_char(day, 'YYYY-MM-DD') AS day, model, calls::float8 AS calls,
      estimated_calls::float8 AS "estimatedCalls", prompt_tokens::float8 AS "promptTokens",
      completion_tokens::float8 AS "completionTokens", cost::float8 AS amount, currency
    FROM token_usage WHERE workspace_id = ${workspaceId} AND day >= ${from}::date
    ORDER BY token_usage.day DESC, model`.execute(db);
  return rows.map(({ amount, currency, ...row }) => ({
    ...row,
    cost: amount === null || currency === null ? null : { amount, currency },
  }));
}
