import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import { type Cost, sessionUsage, usageQuery, usageReport } from '../../../contract/usage.ts';
import { nextMidnight } from '../../chat/accounting/admit-question.ts';
import type { TokenLedger } from '../../chat/accounting/token-ledger.ts';
import { type DayOfModel, readTokenUsage } from '../../chat/accounting/token-usage-store.ts';
import { readSessionUsage } from '../../sessions/session-usage.ts';

type Parts = { ledger: TokenLedger; budget: () => number | undefined };

const tags = ['operations'];
const DAY_MS = 86_400_000;

/** What the language models took, and what that cost. */
export function usageRoutes({ ledger, budget }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/api/usage/',
      {
        config: { permission: 'manage' },
        schema: {
          tags,
          summary: 'What the language models took and cost, by day and model',
          querystring: usageQuery,
          response: { 200: usageReport, 400: errorBody },
        },
      },
      async ({ query, workspaceId, db }) => {
        const now = new Date();
        const from = new Date(now.getTime() - (query.days - 1) * DAY_MS).toISOString().slice(0, 10);
        const dailyTokenBudget = budget();
        const tokens = await ledger.usedToday(workspaceId);
        const rows = await readTokenUsage(db, workspaceId, from);
        return {
          days: rows.map(toDay),
          total: {
            prompt_tokens: sumOf(rows.map(row => row.promptTokens)),
            completion_tokens: sumOf(rows.map(row => row.completionTokens)),
            costs: sumCosts(rows.map(row => row.cost)),
          },
          today: {
            tokens,
            budget: dailyTokenBudget ?? null,
            left: dailyTokenBudget === undefined ? null : Math.max(0, dailyTokenBudget - tokens),
            resets_at: nextMidnight(now).toISOString(),
          },
        };
      },
    );
    app.get(
      '/api/session/:id/usage/',
      {
        config: { permission: 'read' },
        schema: {
          tags: ['sessions'],
          summary: 'What a session took and cost: its answers, its title and rewritten questions',
          params: z.object({ id: idInPath }),
          response: { 200: sessionUsage, 404: errorBody },
        },
      },
      async ({ params, asker, db }) => {
        await ledger.save();
        const { answers, beside } = await readSessionUsage(db, asker, params.id);
        return {
          session_id: params.id,
          answers: answers.answers,
          prompt_tokens: sumOf([answers, ...beside].map(part => part.promptTokens)),
          completion_tokens: sumOf([answers, ...beside].map(part => part.completionTokens)),
          costs: sumCosts([...answers.costs, ...beside.map(({ cost }) => cost)]),
          beside: beside.map(part => ({
            purpose: part.purpose,
            model: part.model,
            calls: part.calls,
            estimated_calls: part.estimatedCalls,
            prompt_tokens: part.promptTokens,
            completion_tokens: part.completionTokens,
            cost: part.cost,
          })),
        };
      },
    );
  };
}

function toDay(row: DayOfModel) {
  return {
    day: row.day,
    model: row.model,
    calls: row.calls,
    estimated_calls: row.estimatedCalls,
    prompt_tokens: row.promptTokens,
    completion_tokens: row.completionTokens,
    cost: row.cost,
  };
}

const sumOf = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);

function sumCosts(costs: (Cost | null)[]): Cost[] {
  const byCurrency = new Map<string, number>();
  for (const cost of costs)
    if (cost) byCurrency.set(cost.currency, (byCurrency.get(cost.currency) ?? 0) + cost.amount);
  return [...byCurrency].map(([currency, amount]) => ({ amount, currency }));
}
