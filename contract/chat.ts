import { z } from 'zod';
import { documentScope } from './documents.ts';
import { errorCodes } from './errors.ts';
import { id, offset } from './scalars.ts';

export const chatRequest = z.strictObject({
  session_id: id,
  message: z.string().describe('The question. At least one visible character.'),
  document_ids: z.array(id).min(1).max(1_000).optional().describe('Answer from these documents only.'),
  filter: documentScope.optional().describe('Answer from documents like these only.'),
});

/** A chunk given to the model, with the passage in it that was found. */
export const source = z
  .object({
    number: z.number().int().positive().describe('What [n] in the answer refers to.'),
    document_id: id,
    version: id.describe('The document’s version that was read.'),
    filename: z.string(),
    title: z.string().nullable(),
    chunk_id: id,
    passage_id: id,
    start: offset,
    end: offset,
    heading: z.string().nullable().describe('The nearest heading above.'),
    heading_path: z.array(z.string()).describe('All headings above, the highest first.'),
    page: z.number().int().positive().nullable().describe('Null for formats without pages.'),
    quote: z.string().describe('The document’s text from start to end, to the letter.'),
    score: z.number().describe('Cosine of question and passage.'),
  })
  .meta({ id: 'Source' });

export type Source = z.infer<typeof source>;

/** Tokens of one part of the prompt, counted as GPT-2 tokens. */
const part = z.object({ budget: z.number().int(), used: z.number().int() });

/** Where every token of the prompt went, and what was left out. */
const tokenAccount = z
  .object({
    max_context_tokens: z.number().int(),
    reserved_for_response: z.number().int(),
    safety_buffer: z.number().int(),
    system_prompt: part,
    documents: part.extend({
      included: z.array(z.object({ chunk_id: id, tokens: z.number().int() })),
      left_out: z.array(
        z.object({ chunk_id: id, tokens: z.number().int(), reason: z.enum(['over_budget']) }),
      ),
    }),
    history: part.extend({ turns_included: z.number().int(), turns_left_out: z.number().int() }),
    question: part.extend({
      borrowed_from_history: z.number().int().describe('Tokens of the question beyond its own budget.'),
    }),
    total_used: z.number().int(),
  })
  .meta({ id: 'TokenAccount' });

export type TokenAccount = z.infer<typeof tokenAccount>;

const stages = ['searching', 'reading', 'writing'] as const;

const finishReasons = ['stop', 'length', 'content_filter', 'quoted', 'not_found'] as const;
export type FinishReason = (typeof finishReasons)[number];

const citation = z.object({
  type: z.literal('citation'),
  number: z.number().int().positive(),
  answer_start: offset.describe('UTF-16 units from the start of the answer.'),
  answer_end: offset,
  document_id: id,
  start: offset,
  end: offset,
  quote: z.string(),
  verified: z.boolean().describe('The quote was compared with the document.'),
});

/** The events of an answer, in the order in which they can come; each is one `data:` line. */
export const streamEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('start'), message_id: id, user_message_id: id, session_id: id }),
    z.object({
      type: z.literal('stage'),
      stage: z.enum(stages),
      documents: z.number().int().optional().describe('Documents that are searched.'),
      passages: z.number().int().optional().describe('Passages that are read.'),
    }),
    z.object({ type: z.literal('sources'), sources: z.array(source) }),
    z.object({ type: z.literal('content'), content: z.string() }),
    citation,
    z.object({
      type: z.literal('usage'),
      prompt_tokens: z.number().int(),
      completion_tokens: z.number().int(),
      estimated: z.boolean().describe('The model reported none: counted as GPT-2 tokens.'),
      budget: tokenAccount,
    }),
    z.object({ type: z.literal('done'), message_id: id, finish_reason: z.enum(finishReasons) }),
    z.object({
      type: z.literal('error'),
      code: z.enum(errorCodes),
      message: z.string(),
      retryable: z.boolean(),
      message_id: id,
    }),
  ])
  .meta({ id: 'StreamEvent' });

export type StreamEvent = z.infer<typeof streamEvent>;
export type Citation = z.infer<typeof citation>;
