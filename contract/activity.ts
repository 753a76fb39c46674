import { z } from 'zod';
import { time } from './scalars.ts';

const count = z.number().int().nonnegative();
const bytes = count.describe('Bytes.');

/** What went on in an hour. */
const activityHour = z.object({
  hour: time.describe('Its beginning.'),
  questions: count,
  answers: z
    .object({
      answered: count,
      not_found: count.describe('The documents do not seem to hold the answer.'),
      stopped: count,
      failed: count.describe('With an error, or broken off.'),
    })
    .describe('Those begun in this hour, by how they ended.'),
  prompt_tokens: count,
  completion_tokens: count.describe('Of answers; those of the reasoning included.'),
  first_content_ms: z
    .object({ p50: count, p95: count })
    .nullable()
    .describe('From the question to the first content; null without an answer.'),
  documents: z
    .object({ ready: count, failed: count, in_work: count })
    .describe('Versions of documents that came in this hour, by how they stand now.'),
  passages: count.describe('Of these versions.'),
  bytes: bytes.describe('Of their files.'),
  processing_ms: z
    .object({ p50: count, p95: count })
    .nullable()
    .describe('From the arrival of a document to its being found; null where none got there.'),
});

/** What went on in the last day, and what there is. */
export const activityReport = z
  .object({
    hours: z.array(activityHour).length(24).describe('The oldest first; the last is under way.'),
    failures: z
      .array(z.object({ of: z.enum(['answer', 'document']), code: z.string(), count }))
      .describe('Of these hours, the most frequent first; at most 10.'),
    jobs: z
      .object({
        waiting: count,
        running: count,
        retried: count.describe('Of all: those that had to begin again.'),
        oldest_at: time.nullable().describe('Since when the oldest is there; null without one.'),
      })
      .describe('Documents that are being read and indexed.'),
    storage: z.object({
      documents: count,
      passages: count,
      file_bytes: bytes.describe('Of all files as they were uploaded.'),
      database_bytes: bytes.describe('All that the database takes on disk, files included.'),
    }),
  })
  .meta({ id: 'ActivityReport' });
export type ActivityReport = z.infer<typeof activityReport>;
export type ActivityHour = z.infer<typeof activityHour>;
