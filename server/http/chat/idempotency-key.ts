import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
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

type Keyed = Pick<FastifyRequest, 'asker'> & { headers: z.infer<typeof idempotencyHeaders> };

/**
 * The key of who asks: another person may use the same word. Keys have no space, so no two become one.
 *
 * @param body as the schema has made it: fields are in its order, however they came.
 */
export function readIdempotencyKey(
  { headers, asker: { userId } }: Keyed,
  body: object,
): IdempotencyKey | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  const key = userId === null ? given : `${userId} ${given}`;
  return { key, requestSha256: createHash('sha256').update(JSON.stringify(body)).digest('hex') };
}
