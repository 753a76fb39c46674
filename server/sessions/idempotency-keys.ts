import { sql } from 'kysely';
import type { Db } from '../database/open-database.ts';
import { RequestError } from '../errors.ts';

/** What the client calls its request, and a hash of what it asked. */
export type IdempotencyKey = { key: string; requestSha256: string };

/** For so long a key means the same request. */
const KEPT = sql`interval '24 hours'`;

/**
 * The answer that was begun with this key; undefined when there is none. Forgets the key when it is too old.
 *
 * @throws RequestError idempotency_key_reused when it was another request.
 */
export async function findAnswerByKey(
  db: Db,
  workspaceId: number,
  { key, requestSha256 }: IdempotencyKey,
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number; request_sha256: string; is_old: boolean }>`
    SELECT id, request_sha256, created_at < now() - ${KEPT} AS is_old FROM messages
    WHERE workspace_id = ${workspaceId} AND idempotency_key = ${key}`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  if (row.is_old) {
    await sql`UPDATE messages SET idempotency_key = NULL, request_sha256 = NULL
      WHERE workspace_id = ${workspaceId} AND id = ${row.id}`.execute(db);
    return undefined;
  }
  if (row.request_sha256 !== requestSha256)
    throw new RequestError(
      'idempotency_key_reused',
      'This Idempotency-Key came with another request before. Use a new key for a new question.',
      { extra: { message_id: row.id } },
    );
  return row.id;
}
