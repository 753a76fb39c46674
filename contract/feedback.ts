import { z } from 'zod';
import { id, time } from './scalars.ts';

const reasons = [
  'helpful',
  'inaccurate',
  'incomplete',
  'irrelevant',
  'wrong_sources',
  'refused',
  'other',
] as const;

export type FeedbackReason = (typeof reasons)[number];

const rating = z.enum(['up', 'down']);
const reason = z.enum(reasons);
const MOST_COMMENT_CHARACTERS = 2_000;

export const feedbackRequest = z
  .strictObject({
    rating: rating.nullable().describe('null takes the feedback back.'),
    reason: reason.nullish(),
    comment: z
      .string()
      .transform(text =>
        text
          .toWellFormed()
          .replace(/\r\n?/g, '\n')
          .replace(/[^\P{Cc}\t\n]/gu, '')
          .trim(),
      )
      .pipe(z.string().max(MOST_COMMENT_CHARACTERS))
      .nullish(),
  })
  .refine(({ rating, reason, comment }) => rating !== null || (!reason && !comment), {
    message: 'reason and comment need a rating',
  });
export type FeedbackRequest = z.infer<typeof feedbackRequest>;

export const feedback = z
  .object({
    rating,
    reason: reason.nullable(),
    comment: z.string().nullable(),
    updated_at: time,
  })
  .meta({ id: 'Feedback' });

export const feedbackAnswer = z.object({ message_id: id, feedback: feedback.nullable() });
