import type { FastifyPluginAsync } from 'fastify';
import {
  jobActions,
  keyActions,
  serverJobFilter,
  serverKeyFilter,
  userActions,
  userFilter,
} from '../../../contract/administration/tables.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import { revokeApiKey } from '../../accounts/keys/api-key-store.ts';
import { userIdOf } from '../../accounts/principal.ts';
import { changeUser } from '../../accounts/user-store.ts';
import { findKeys, matchingKeys } from '../../administration/tables/api-keys.ts';
import { findJobs, matchingJobs } from '../../administration/tables/jobs.ts';
import { matchingUsers } from '../../administration/tables/users.ts';
import type { Db } from '../../database/open-database.ts';
import type { IngestionRunner } from '../../documents/ingestion/ingestion-runner.ts';
import { NotFoundError } from '../../errors.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { actOnJob } from './act-on-job.ts';
import { registerBulk } from './bulk-routes.ts';
import { runBulk } from './run-bulk.ts';

type Parts = { db: Db; openRequests: OpenRequests; runner: IngestionRunner };

const permission = 'administer';

/** What administrators of the server do to many rows at once. */
export function serverBulkRoutes({ db, openRequests, runner }: Parts): FastifyPluginAsync {
  return async app => {
    registerBulk(app, {
      permission,
      path: '/api/admin/user/',
      summary: 'Disable or enable users; what disabled ones have open ends',
      actions: userActions,
      filter: userFilter,
      async act(request, action, ids) {
        const disabled = action === 'disable';
        const result = await runBulk(ids, id =>
          db.transaction().execute(async trx => {
            await changeUser(trx, id, { disabled, isAdmin: undefined });
            const details = { user_id: id, disabled };
            await audit(trx, actorOf(request.principal, request.ip), { action: 'user-changed', details });
          }),
        );
        await openRequests.recheck(request);
        return result;
      },
      matching: ({ principal }, filter, action) => ({
        db,
        ids: matchingUsers(db, filter, { action, by: userIdOf(principal) }),
      }),
    });
    registerBulk(app, {
      permission,
      path: '/api/admin/server/key/',
      summary: 'Revoke API keys of any workspace; what is open with them ends',
      actions: keyActions,
      filter: serverKeyFilter,
      async act(request, _, ids) {
        const found = new Map((await findKeys(db, ids)).map(key => [key.id, key.workspace_id]));
        const result = await runBulk(ids, async id => {
          const workspaceId = found.get(id);
          if (workspaceId === undefined) throw new NotFoundError('API key');
          await db.transaction().execute(async trx => {
            await revokeApiKey(trx, workspaceId, id);
            const details = { key_id: id };
            await audit(trx, actorOf(request.principal, request.ip), {
              action: 'key-revoked',
              workspaceId,
              details,
            });
          });
        });
        await openRequests.recheck(request);
        return result;
      },
      matching: ({ principal, ip }, { workspace_id, ...filter }, action) => ({
        db,
        ids: matchingKeys({ db, wholeDb: db }, workspace_id, filter, {
          action,
          by: actorOf(principal, ip).keyId,
        }),
      }),
    });
    registerBulk(app, {
      permission,
      path: '/api/admin/server/job/',
      summary: 'Try failed work of any workspace again, or end what waits or runs',
      actions: jobActions,
      filter: serverJobFilter,
      async act({ principal, ip }, action, ids) {
        const jobs = await findJobs(db, undefined, ids);
        const by = actorOf(principal, ip);
        const result = await runBulk(ids, id => actOnJob(db, { jobs, id, action, by }));
        if (action === 'retry') runner.wake();
        else runner.sweep();
        return result;
      },
      matching: (_, { workspace_id, ...filter }, action) => ({
        db,
        ids: matchingJobs(db, workspace_id, { filter, action }),
      }),
    });
  };
}
