import { z } from 'zod';

/** Query parameters of every list. */
export const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'must be the next_cursor of the page before')
    .optional(),
});
