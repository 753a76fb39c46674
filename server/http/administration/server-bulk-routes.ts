import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { bulkRequest, bulkResult } from '../../../contract/administration/lists.ts';
import { errorBody } from '../../../contract/errors.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import { revokeApiKey } from '../../accounts/keys/api-key-store.ts';
import { changeUser } from '../../accounts/user-store.ts';
import { findKeys } from '../../administration/tables/api-keys.ts';
import { findJobs } from '../../administration/tables/jobs.ts';
import type { Db } from '../../database/open-database.ts';
import type { IngestionRunner } from '../../documents/ingestion/ingestion-runner.ts';
import { NotFoundError } from '../../errors.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { actOnJob } from './act-on-job.ts';
import { runBulk } from './run-bulk.ts';

type Parts = { db: Db; openRequests: OpenRequests; runner: IngestionRunner };

const tags = ['administration'];
const config = { permission: 'administer' as const };
const response = { 200: bulkResult, 400: errorBody };

/** What administrators of the server do to many rows at once. */
export function serverBulkRoutes({ db, openRequests, runner }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/admin/user/bulk/',
      {
        config,
        schema: {
          tags,
          summary: 'Disable or enable users; what disabled ones have open ends',
          body: bulkRequest(['disable', 'enable']),
          response,
        },
      },
      async request => {
        const { body, principal, ip } = request;
        const disabled = body.action === 'disable';
        const result = await runBulk(body.ids, id =>
          db.transaction().execute(async trx => {
            await changeUser(trx, id, { disabled, isAdmin: undefined });
            const details = { user_id: id, disabled };
            await audit(trx, actorOf(principal, ip), { action: 'user-changed', details });
          }),
        );
        await openRequests.recheck(request);
        return result;
      },
    );
    app.post(
      '/api/admin/server/key/bulk/',
      {
        config,
        schema: {
          tags,
          summary: 'Revoke API keys of any workspace; what is open with them ends',
          body: bulkRequest(['revoke']),
          response,
        },
      },
      async request => {
        const { body, principal, ip } = request;
        const found = new Map((await findKeys(db, body.ids)).map(key => [key.id, key.workspace_id]));
        const result = await runBulk(body.ids, async id => {
          const workspaceId = found.get(id);
          if (workspaceId === undefined) throw new NotFoundError('API key');
          await db.transaction().execute(async trx => {
            await revokeApiKey(trx, workspaceId, id);
            const details = { key_id: id };
            await audit(trx, actorOf(principal, ip), { action: 'key-revoked', workspaceId, details });
          });
        });
        await openRequests.recheck(request);
        return result;
      },
    );
    app.post(
      '/api/admin/server/job/bulk/',
      {
        config,
        schema: {
          tags,
          summary: 'Try failed work of any workspace again, or end what waits or runs',
          body: bulkRequest(['retry', 'cancel']),
          response,
        },
      },
      async ({ body, principal, ip }) => {
        const jobs = await findJobs(db, undefined, body.ids);
        const by = actorOf(principal, ip);
        const result = await runBulk(body.ids, id => actOnJob(db, { jobs, id, action: body.action, by }));
        if (body.action === 'retry') runner.wake();
        else runner.sweep();
        return result;
      },
    );
  };
}
