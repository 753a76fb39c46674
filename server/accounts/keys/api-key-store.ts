import { sql } from 'kysely';
import type { Scope } from '../../../contract/accounts/permissions.ts';
import type { Db, Trx } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { createApiKeySecret } from './secrets.ts';

/** A key's last use is written down so often. */
const USE_MS = 60_000;

export type ApiKeyRow = {
  id: number;
  name: string;
  prefix: string;
  scopes: Scope[];
  created_by: number | null;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
};

const columns = [
  'id',
  'name',
  'prefix',
  'scopes',
  'created_by',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
] as const;

type NewKey = { name: string; scopes: Scope[]; days: number | undefined; createdBy: number | undefined };

/** @returns the key with its secret, which nobody can read afterwards. */
export async function createApiKey(
  trx: Trx,
  workspaceId: number,
  { name, scopes, days, createdBy }: NewKey,
): Promise<ApiKeyRow & { secret: string }> {
  const { secret, prefix, sha256 } = createApiKeySecret();
  const row = await trx
    .insertInto('api_keys')
    .values({
      workspace_id: workspaceId,
      name,
      prefix,
      secret_sha256: sha256,
      scopes: [...new Set(scopes)],
      created_by: createdBy ?? null,
      expires_at: days === undefined ? null : new Date(Date.now() + days * 86_400_000),
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return { ...row, secret };
}

/** Newest first, the revoked ones too. */
export async function listApiKeys(
  db: Db,
  workspaceId: number,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<ApiKeyRow[]> {
  return db
    .selectFrom('api_keys')
    .select(columns)
    .where('workspace_id', '=', workspaceId)
    .$if(before !== undefined, query => query.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** @throws NotFoundError, also for one that is revoked already. */
export async function revokeApiKey(trx: Trx, workspaceId: number, id: number): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('api_keys')
    .set({ revoked_at: new Date() })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new NotFoundError('API key');
}

/** Writes down that keys are used, at most once a minute each; no request waits for it. */
export function createUseRecorder(db: Db, logger: Logger) {
  const recordedAt = new Map<number, number>();
  return ({
    workspaceId,
    keyId,
    lastUsedAt,
  }: {
    workspaceId: number;
    keyId: number;
    lastUsedAt: Date | null;
  }) => {
    const now = Date.now();
    const last = Math.max(recordedAt.get(keyId) ?? 0, lastUsedAt?.getTime() ?? 0);
    if (now - last < USE_MS) return;
    recordedAt.set(keyId, now);
    sql`UPDATE api_keys SET last_used_at = now() WHERE workspace_id = ${workspaceId} AND id = ${keyId}`
      .execute(db)
      .catch(error => logger.warn({ err: error, keyId }, 'the use of an API key was not written down'));
  };
}
