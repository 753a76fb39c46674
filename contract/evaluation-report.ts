/** What `lectern evaluate --json` saves, and the page shows as plots. */
import { z } from 'zod';

const interval = z.tuple([z.number(), z.number()]);

/** One data set in one mode. Figures are 0–100, times milliseconds. */
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

export const report = z.array(reportEntry).min(1);
