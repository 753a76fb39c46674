import { z } from 'zod';
import { id, offset } from './scalars.ts';

/** Questions that the documents of an answer can answer and that have not been asked. */
export const followUps = z
  .object({
    message_id: id,
    questions: z
      .array(
        z.object({
          question: z.string().describe('In the language that was asked in.'),
          document_id: id,
          start: offset,
          end: offset.describe('The heading or sentence that it asks about.'),
        }),
      )
      .describe('At most three, the nearest to what was cited first; made without a language model.'),
  })
  .meta({ id: 'FollowUps' });
export type FollowUps = z.infer<typeof followUps>;
