import { z } from 'zod';
import { documentScope } from './documents.ts';
import { errorCodes } from './errors.ts';
import { messageStates } from './message-states.ts';
import { id, offset } from './scalars.ts';
import { answerUsage } from './usage.ts';

export const chatRequest = z.strictObject({
  session_id: id,
  message: z.string().describe('The question. At least one visible character.'),
  document_ids: z.array(id).min(1).max(1_000).optional().describe('Answer from these documents only.'),
  filter: documentScope.optional().describe('Answer from documents like these only.'),
  parent_id: id
    .optional()
    .describe('The answer that the question follows; the last one of the active branch when not given.'),
  model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Who writes, of those that /api/settings/ names; the standard one when not given.'),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('How freely the language model writes: 0 always takes the likeliest word.'),
});

/** What limits a question to documents; an answer given anew is limited as before where nothing is said. */
const scope = { document_ids: chatRequest.shape.document_ids, filter: chatRequest.shape.filter };

const writing = { model: chatRequest.shape.model, temperature: chatRequest.shape.temperature };

export const regenerateRequest = z.strictObject({ ...scope, ...writing });

export const editRequest = z.strictObject({ message: chatRequest.shape.message, ...scope, ...writing });

/** A stretch of a document that an answer may rest on: found passages, put together where they touch. */
export const source = z
  .object({
    number: z.number().int().positive().describe('What [n] in the answer refers to.'),
    document_id: id,
    version: id.describe('The document’s version that was read.'),
    filename: z.string(),
    title: z.string().nullable(),
    chunk_id: id.describe('The chunk that holds most of the best passage.'),
    passage_id: id.describe('The best passage.'),
    start: offset,
    end: offset,
    heading: z.string().nullable().describe('The nearest heading above.'),
    heading_path: z.array(z.string()).describe('All headings above, the highest first.'),
    page: z.number().int().positive().nullable().describe('Null for formats without pages.'),
    quote: z.string().describe('The document’s text from start to end, to the letter.'),
    score: z.number().describe('Of the best passage, as in a search; higher is better.'),
  })
  .meta({ id: 'Source' });

export type Source = z.infer<typeof source>;

/** Tokens of one part of the prompt, counted as GPT-2 tokens. */
const part = z.object({ budget: z.number().int(), used: z.number().int() });

/** Where every token of the prompt went, and what was left out. */
export const tokenAccount = z
  .object({
    max_context_tokens: z.number().int(),
    reserved_for_response: z.number().int(),
    safety_buffer: z.number().int(),
    system_prompt: part,
    documents: part.extend({
      included: z.array(z.object({ passage_id: id, tokens: z.number().int() })),
      left_out: z.array(
        z.object({ passage_id: id, tokens: z.number().int(), reason: z.enum(['over_budget']) }),
      ),
    }),
    history: part.extend({
      turns_included: z.number().int().describe('The newest, whole and without a gap.'),
      turns_left_out: z.number().int().describe('All older ones of the branch, over the budget.'),
    }),
    question: part.extend({
      borrowed_from_history: z.number().int().describe('Tokens of the question beyond its own budget.'),
    }),
    total_used: z.number().int(),
  })
  .meta({ id: 'TokenAccount' });

export type TokenAccount = z.infer<typeof tokenAccount>;

const stages = ['searching', 'reading', 'writing'] as const;

const finishReasons = ['stop', 'length', 'content_filter', 'stopped', 'quoted', 'not_found'] as const;
export type FinishReason = (typeof finishReasons)[number];

/**
 * Where a source supports a claim of the answer best. A later one with the same number and answer_start takes the
 * place of the earlier: a second look has come to another result.
 */
export const citation = z.object({
  type: z.literal('citation'),
  number: z.number().int().positive().describe('The source.'),
  answer_start: offset.describe(
    'Where the claim begins in the answer, in UTF-16 units. A later citation with the same number and answer_start replaces the earlier.',
  ),
  answer_end: offset.describe('Where it ends, its markers included.'),
  document_id: id,
  start: offset,
  end: offset,
  quote: z.string().describe('The document’s text from start to end, to the letter.'),
  verified: z
    .boolean()
    .describe('The quote supports the claim; false: the source is cited but does not seem to say so.'),
});

/** What was wrong with the answer as the model wrote it. Comes before `usage`. */
export const check = z.object({
  type: z.literal('check'),
  removed_markers: z.number().int().describe('Markers that pointed at no source; they were taken out.'),
  unverified: z.number().int().describe('Citations that are not verified.'),
  unsupported_numbers: z
    .array(z.object({ text: z.string(), answer_start: offset, answer_end: offset }))
    .describe('Numbers of the answer that stand neither in a source nor in the question.'),
});

/**
 * The events of an answer, in the order in which they can come; each is one `data:` line. The `id:` line before it is
 * its sequence number: what a client that lost the connection sends as Last-Event-ID. It counts the stream's units up
 * to the event's end: one for each UTF-16 unit of content, one for each other event.
 */
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
    z
      .object({ type: z.literal('reasoning'), content: z.string() })
      .describe('What the model thinks before it answers: plain text, no part of the answer.'),
    z.object({ type: z.literal('content'), content: z.string() }),
    citation,
    check,
    z.object({
      type: z.literal('usage'),
      ...answerUsage.shape,
      model: answerUsage.shape.model.nullable().describe('What wrote the answer; null for quotes.'),
      budget: tokenAccount,
    }),
    z.object({ type: z.literal('done'), message_id: id, finish_reason: z.enum(finishReasons) }),
    z.object({
      type: z.literal('error'),
      code: z.enum(errorCodes),
      message: z.string(),
      retryable: z.boolean(),
      retry_after_seconds: z
        .number()
        .int()
        .optional()
        .describe('When asking again makes sense, where that is known.'),
      message_id: id,
    }),
  ])
  .meta({ id: 'StreamEvent' });

export const resumeQuery = z.strictObject({
  last_event_id: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the id of an event')
    .optional()
    .describe('Where the client is, for those that can’t send headers. The header Last-Event-ID wins.'),
});

/** How an answer stands after its stop was asked for. */
export const stoppedAnswer = z.object({
  message_id: id,
  state: z.enum(messageStates).describe('`running` when its process has not ended it yet: it will.'),
  finish_reason: z.string().nullable().describe('`stopped` when it was stopped before its end.'),
});

export type StreamEvent = z.infer<typeof streamEvent>;
export type Citation = z.infer<typeof citation>;
export type Check = z.infer<typeof check>;

/** What is kept with an answer to prove it. */
export type Evidence = { sources: Source[]; citations: Citation[]; check: Check | null };
export type Usage = Extract<StreamEvent, { type: 'usage' }>;
