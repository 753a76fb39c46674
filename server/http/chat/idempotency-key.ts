import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { IdempotencyKey } from '../../sessions/idempotency-keys.ts';

export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
    .optional()
    .describe(
      'A name for this request, new for every question: sent again within 24 hours, the same answer comes again or goes on.',
    ),
});

/** @param body as the schema has made it: fields are in its order, however they came. */
export function readIdempotencyKey(
  headers: z.infer<typeof idempotencyHeaders>,
  body: object,
): IdempotencyKey | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  return { key, requestSha256: createHash('sha256').update(JSON.stringify(body)).digest('hex') };
}
