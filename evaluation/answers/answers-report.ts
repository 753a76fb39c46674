import { z } from 'zod';

const share = z.number().min(0).max(100);

/** How one set is answered by quotes. Shares are 0–100. */
const answersEntry = z.object({
  set: z.string(),
  documents: z.number(),
  answerable: z.number(),
  unanswerable: z.number(),
  /** True: the questions without an answer are those with one, asked without the documents that hold it. */
  isHeldOut: z.boolean(),
  /** Whether the embedding model reads the language of most of what was found. */
  isRead: z.boolean(),
  /** Share of the answerable questions whose answer stands in the best 1, 2 or 3 sentences. */
  inSentences: z.tuple([share, share, share]),
  /** In the quotes as they are shown, with their context. */
  inQuotes: share,
  /** Words of the quotes, on average. */
  words: z.number(),
  /** Of the check of the evidence, 0 to 1. */
  auc: z.number(),
  /** Share refused of what has no answer, by the wrong refusals allowed in percent. */
  refusedAt: z.record(z.string(), share),
  /** What the thresholds in use refuse: of what has no answer, and of what has one. */
  refused: share,
  wronglyRefused: share,
  /** Answered, but the quotes do not hold the answer: of what is answered, answerable or not. */
  wrongAnswers: share,
  curve: z.array(z.object({ wrongRefusals: z.number(), refused: z.number() })),
  questions: z.array(
    z.object({
      id: z.string(),
      answerable: z.boolean(),
      probability: z.number(),
      verdict: z.string(),
      /** The place of the first sentence that holds the answer, 1 is the best; null: none of the ranked. */
      rank: z.number().nullable(),
      signs: z.record(z.string(), z.number()),
      /** The same without embedded sentences. */
      quickSigns: z.record(z.string(), z.number()),
    }),
  ),
});
export type AnswersEntry = z.infer<typeof answersEntry>;

export const answersReport = z.array(answersEntry).min(1);
