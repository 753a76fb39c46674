import { z } from 'zod';
import { id } from '../scalars.ts';

/** The most rows that something is done with at once. */
export const MOST_SELECTED = 200;

/** Query parameters of every table of the administration. */
export const tablePage = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^[\w-]{1,4000}$/, 'must be the next_cursor of the page before')
    .optional()
    .describe('Good for the same sort and order only.'),
  order: z.enum(['asc', 'desc']).default('desc'),
});

/** What words are looked for; each must begin a word of the row. */
export const words = z.string().trim().min(1).max(200).optional();

/** Query parameters come as text. */
export const truth = z
  .enum(['true', 'false'])
  .transform(word => word === 'true')
  .optional();

export const idInQuery = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be a positive integer')
  .transform(Number)
  .optional();

/** RFC 3339; a date alone is its first moment in UTC. */
export const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'must be a date or time such as 2026-11-27')
  .optional();

const nextCursor = z.string().nullable().describe('For the next page; null on the last.');

/** A page of a table. */
export const tableOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ items: z.array(row), next_cursor: nextCursor });

/** What is to be done with each of these rows. */
export const bulkRequest = <const Action extends string>(actions: readonly [Action, ...Action[]]) =>
  z.strictObject({
    action: z.enum(actions),
    ids: z
      .array(id)
      .min(1)
      .max(MOST_SELECTED)
      .transform(ids => [...new Set(ids)]),
  });

/** What came of it, one result for each id, in their order: one that fails holds up none of the others. */
export const bulkResult = z
  .object({
    results: z.array(
      z.object({
        id,
        outcome: z.enum(['done', 'failed']),
        code: z.string().nullable().describe('Why not, as an error code.'),
        message: z.string().nullable().describe('The same as a sentence for people.'),
      }),
    ),
    done: z.number().int(),
    failed: z.number().int(),
  })
  .meta({ id: 'BulkResult' });
export type BulkResult = z.infer<typeof bulkResult>;

/** Which rows match is said in the query, by the filters of the table. */
export const matchingRows = z
  .object({
    count: z.number().int().nonnegative(),
    last_id: id
      .nullable()
      .describe('The greatest id among them, null where there are none: what comes later has a greater one.'),
  })
  .meta({ id: 'MatchingRows' });
export type MatchingRows = z.infer<typeof matchingRows>;

/** What is to be done with the next of the rows that match. */
export const matchingRequest = <const Action extends string>(actions: readonly [Action, ...Action[]]) =>
  z.strictObject({
    action: z.enum(actions),
    last_id: id.describe('As it was counted: what came since is left alone.'),
    after: id.optional().describe('As the answer before has it; none at the beginning.'),
  });

/** What came of it, for at most so many rows as one request takes. */
export const matchingResult = bulkResult
  .extend({ after: id.nullable().describe('For the next request; null when there are no more.') })
  .meta({ id: 'MatchingResult' });
export type MatchingResult = z.infer<typeof matchingResult>;
