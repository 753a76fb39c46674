import { z } from 'zod';
import { id, offset, time } from './scalars.ts';

const question = z.string().trim().min(1).max(10_000);

/** A question with the passages that answer it; both are taken from an answer when its message is named. */
export const evaluationCaseRequest = z
  .strictObject({
    question: question.optional(),
    passages: z
      .array(z.strictObject({ document_id: id, start: offset, end: offset }))
      .min(1)
      .max(100)
      .optional(),
    message_id: id.optional().describe('An answer: what is not given is taken from it.'),
  })
  .refine(given => given.message_id !== undefined || (given.question !== undefined && given.passages), {
    message: 'must have question and passages, or message_id',
  });

/** What has become of a passage: where it was, elsewhere in the document or in a new one of its name, nowhere. */
const casePassageStates = ['there', 'moved', 'gone'] as const;

const casePassage = z.object({
  document_id: id,
  filename: z.string(),
  start: offset,
  end: offset,
  quote: z.string().describe('The text as it was stored; the passage is found again by it.'),
  state: z.enum(casePassageStates).describe('start and end are those of today unless it is gone.'),
});

export const evaluationCase = z
  .object({
    id,
    question: z.string(),
    passages: z.array(casePassage),
    message_id: id.nullable().describe('The answer that it was made from.'),
    created_at: time,
  })
  .meta({ id: 'EvaluationCase' });
export type EvaluationCase = z.infer<typeof evaluationCase>;

export const evaluationCaseList = z.object({
  cases: z.array(evaluationCase),
  next_cursor: z.string().nullable().describe('For the next page; null on the last.'),
});

export const evaluationCaseDeletion = z.object({ case_id: id, remaining: z.literal(0) });

const interval = z.tuple([z.number(), z.number()]);

/** One data set in one mode, as `lectern evaluate --json` saves it and the page plots it. Figures are 0–100, times milliseconds. */
const reportEntry = z.object({
  set: z.string(),
  mode: z.string(),
  documents: z.number(),
  queries: z.number(),
  ndcg10: z.number(),
  recall: z.record(z.string(), z.number()),
  mrr10: z.number(),
  /** Share of the wanted characters within the first 5,500; null where a set has none. */
  wantedText5500: z.number().nullable().default(null),
  /** Share of the questions without an answer for which nothing is evidence; null where there are none. */
  refusals: z.number().nullable().default(null),
  /** The same share of the questions with an answer: too few passages are good enough. */
  wrongRefusals: z.number().nullable().default(null),
  latencyMs: z.object({ p50: z.number(), p95: z.number() }),
  /** 95 % confidence, by figure. */
  intervals: z.record(z.string(), interval).default({}),
  /** Figures by question, for paired comparisons. */
  perQuery: z.record(z.string(), z.record(z.string(), z.number())).default({}),
});
export type ReportEntry = z.infer<typeof reportEntry>;

/** What `lectern evaluate --json` saves. */
export const report = z.array(reportEntry).min(1);
