import { z } from 'zod';
import { cost } from './usage.ts';

const tokens = z.number().int();

/** What a client can know before it asks: who writes, what may be chosen, how much fits. No secrets. */
export const settings = z
  .object({
    version: z.string(),
    answers: z
      .enum(['written', 'quoted'])
      .describe('Written by a language model, or quoted from the documents because none is connected.'),
    language_model: z
      .object({
        standard: z.string().describe('What writes when a request chooses none.'),
        models: z
          .array(
            z.object({
              name: z.string(),
              price: z
                .object({ input: z.number(), output: z.number(), currency: cost.shape.currency })
                .nullable()
                .describe('Of a million tokens.'),
            }),
          )
          .describe('What a request may choose as `model`.'),
        fallback: z.string().nullable().describe('What writes when the chosen one is down.'),
        temperature: z.number().describe('When a request chooses none.'),
        temperatures: z.object({ min: z.number(), max: z.number() }),
        max_answer_tokens: tokens,
        rewrites_follow_up_questions: z.boolean(),
        writes_titles: z.boolean().describe('Of sessions; else they are the first question’s words.'),
      })
      .nullable()
      .describe('Null when answers are quoted.'),
    daily_token_budget: tokens.nullable().describe('See /api/usage/ for what is left of it.'),
    token_budget: z
      .object({
        max_context_tokens: tokens,
        system_prompt_tokens: tokens,
        document_context_tokens: tokens,
        current_message_tokens: tokens,
        reserved_for_response: tokens,
        safety_buffer: tokens,
        most_message_tokens: tokens.describe('A longer question gets 413.'),
      })
      .describe('In GPT-2 tokens.'),
    embedding_model: z.object({
      name: z.string(),
      dimensions: z.number().int().nullable().describe('Null until it is known.'),
      state: z.enum(['loaded', 'skipped']),
    }),
    reranker: z.string().nullable(),
    retrieval: z.object({
      top_k: z.number().int(),
      min_similarity: z.number(),
      chunk_size: tokens,
      chunk_overlap: tokens,
    }),
    limits: z.object({
      max_text_bytes: z.number().int().describe('Of a document’s text.'),
      max_upload_bytes: z.number().int().describe('Of any other file.'),
      max_stored_bytes: z.number().int().nullable().describe('Of all files together; null: no limit.'),
    }),
  })
  .meta({ id: 'Settings' });
export type Settings = z.infer<typeof settings>;
