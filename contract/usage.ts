import { z } from 'zod';
import { time } from './scalars.ts';

/** What tokens cost, at the prices that are set (LLM_PRICES). */
export const cost = z
  .object({ amount: z.number(), currency: z.string().describe('ISO 4217, for example USD.') })
  .meta({ id: 'Cost' });
export type Cost = z.infer<typeof cost>;

/** What an answer took. */
export const answerUsage = z.object({
  model: z.string().describe('The model that wrote it: the one asked, or its fallback.'),
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int().describe('Those of the reasoning included.'),
  reasoning_tokens: z.number().int().nullable().describe('Null when the model does not tell.'),
  estimated: z.boolean().describe('The model reported none: counted as GPT-2 tokens.'),
  cost: cost.nullable().describe('Null for a model without a price.'),
});

const sums = {
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int().describe('Those of the reasoning included.'),
  costs: z.array(cost).describe('One for each currency; empty when no price was set.'),
};

/** What the language models took of the workspace. */
export const usageReport = z
  .object({
    days: z
      .array(
        z.object({
          day: z.iso.date().describe('In UTC.'),
          model: z.string(),
          calls: z
            .number()
            .int()
            .describe('Answers, rewritten questions and titles, also those that broke off.'),
          estimated_calls: z
            .number()
            .int()
            .describe('Of these the model reported no tokens: counted as GPT-2 tokens.'),
          prompt_tokens: z.number().int(),
          completion_tokens: z.number().int(),
          cost: cost.nullable().describe('Null for a model without a price.'),
        }),
      )
      .describe('A row for each day and model, the newest first.'),
    total: z.object(sums).describe('Of these days.'),
    today: z.object({
      tokens: z.number().int(),
      budget: z.number().int().nullable().describe('DAILY_TOKEN_BUDGET; null when there is none.'),
      left: z.number().int().nullable(),
      resets_at: time.describe('The next midnight, UTC.'),
    }),
  })
  .meta({ id: 'UsageReport' });

export const usageQuery = z.strictObject({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(366)
    .default(30)
    .describe('Today and so many days before, less one.'),
});

const callPurposes = ['title', 'rewritten_question'] as const;
export type CallPurpose = (typeof callPurposes)[number];

/** What the language models took of one session: its answers, those of all branches, its title and rewritten questions. */
export const sessionUsage = z
  .object({
    session_id: z.number().int(),
    answers: z.number().int().describe('That a language model wrote, or began.'),
    ...sums,
    beside: z
      .array(
        z.object({
          purpose: z.enum(callPurposes),
          model: z.string(),
          calls: z.number().int(),
          estimated_calls: z.number().int().describe('Of these the model reported no tokens.'),
          prompt_tokens: z.number().int(),
          completion_tokens: z.number().int(),
          cost: cost.nullable().describe('Null for a model without a price.'),
        }),
      )
      .describe('What of the sums was not for answers; of calls since this was counted.'),
  })
  .meta({ id: 'SessionUsage' });
