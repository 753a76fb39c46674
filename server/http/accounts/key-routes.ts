import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { apiKeyList, apiKeyRequest, done, newApiKey } from '../../../contract/accounts/accounts.ts';
import { errorBody } from '../../../contract/errors.ts';
import { page } from '../../../contract/paging.ts';
import { idInPath } from '../../../contract/scalars.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import {
  type ApiKeyRow,
  createApiKey,
  listApiKeys,
  revokeApiKey,
} from '../../accounts/keys/api-key-store.ts';
import type { Db } from '../../database/open-database.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { nextCursor } from '../next-cursor.ts';

type Parts = { db: Db; openRequests: OpenRequests };

const tags = ['keys'];
const config = { permission: 'manage' as const };

/** The API keys of a workspace. */
export function keyRoutes({ db, openRequests }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/key/',
      {
        config,
        schema: {
          tags,
          summary: 'Make an API key; its secret is shown this once',
          body: apiKeyRequest,
          response: { 201: newApiKey, 400: errorBody },
        },
      },
      async ({ body: { name, scopes, days }, workspaceId, principal, ip }, reply) => {
        // A key that makes a key hands on what its own maker may do, and no more.
        const createdBy =
          principal.kind === 'user'
            ? principal.userId
            : principal.kind === 'key'
              ? (principal.makerId ?? undefined)
              : undefined;
        const created = await db.transaction().execute(async trx => {
          const key = await createApiKey(trx, workspaceId, { name, scopes, days, createdBy });
          const details = { key_id: key.id, name, scopes };
          await audit(trx, actorOf(principal, ip), { action: 'key-created', workspaceId, details });
          return key;
        });
        reply.header('cache-control', 'no-store');
        return reply.status(201).send({ ...toApiKey(created), secret: created.secret });
      },
    );
    app.get(
      '/api/key/',
      {
        config,
        schema: {
          tags,
          summary: 'List the API keys, newest first',
          querystring: page,
          response: { 200: apiKeyList, 400: errorBody },
        },
      },
      async ({ query: { cursor, limit }, workspaceId }) => {
        const before = cursor === undefined ? undefined : Number(cursor);
        const keys = await listApiKeys(db, workspaceId, { before, limit });
        return { keys: keys.map(toApiKey), next_cursor: nextCursor(keys, limit) };
      },
    );
    app.delete(
      '/api/key/:id/',
      {
        config,
        schema: {
          tags,
          summary: 'Revoke an API key; what is open with it ends',
          params: z.object({ id: idInPath }),
          response: { 200: done, 404: errorBody },
        },
      },
      async request => {
        const { params, workspaceId, principal, ip } = request;
        await db.transaction().execute(async trx => {
          await revokeApiKey(trx, workspaceId, params.id);
          const details = { key_id: params.id };
          await audit(trx, actorOf(principal, ip), { action: 'key-revoked', workspaceId, details });
        });
        await openRequests.recheck(request);
        return { done: true as const };
      },
    );
  };
}

function toApiKey(row: ApiKeyRow) {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  };
}
