import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { bulkRequest, bulkResult } from '../../../contract/administration/lists.ts';
import { errorBody } from '../../../contract/errors.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import { revokeApiKey } from '../../accounts/keys/api-key-store.ts';
import { findJobs } from '../../administration/tables/jobs.ts';
import type { Db } from '../../database/open-database.ts';
import { deleteDocument } from '../../documents/delete-document.ts';
import { getDocument, listNextVersions } from '../../documents/document-store.ts';
import type { IngestionRunner } from '../../documents/ingestion/ingestion-runner.ts';
import { reprocessDocument } from '../../documents/replace-document.ts';
import { RequestError } from '../../errors.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { actOnJob } from './act-on-job.ts';
import { runBulk } from './run-bulk.ts';

type Parts = { db: Db; openRequests: OpenRequests; runner: IngestionRunner };

const tags = ['administration'];
const config = { permission: 'manage' as const };
const response = { 200: bulkResult, 400: errorBody };

/** What owners do to many rows of their workspace at once. */
export function workspaceBulkRoutes({ db: wholeDb, openRequests, runner }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/admin/document/bulk/',
      {
        config,
        schema: {
          tags,
          summary: 'Delete documents, process them again, or only those of them that failed',
          body: bulkRequest(['delete', 'reprocess', 'retry']),
          response,
        },
      },
      async ({ body: { action, ids }, db, workspaceId, principal, ip }) => {
        const by = actorOf(principal, ip);
        const result = await runBulk(ids, async id => {
          if (action === 'delete') await deleteDocument(db, workspaceId, id);
          else {
            if (action === 'retry') await requireFailed(db, workspaceId, id);
            await reprocessDocument(db, workspaceId, id);
          }
          await audit(wholeDb, by, {
            action: action === 'delete' ? 'document-deleted' : 'document-reprocessed',
            workspaceId,
            details: { document_id: id },
          });
        });
        if (action !== 'delete') runner.wake();
        return result;
      },
    );
    app.post(
      '/api/admin/job/bulk/',
      {
        config,
        schema: {
          tags,
          summary: 'Try failed work again, or end what waits or runs',
          body: bulkRequest(['retry', 'cancel']),
          response,
        },
      },
      async ({ body: { action, ids }, db, workspaceId, principal, ip }) => {
        const jobs = await findJobs(db, workspaceId, ids);
        const by = actorOf(principal, ip);
        const result = await runBulk(ids, id => actOnJob(wholeDb, { jobs, id, action, by }));
        if (action === 'retry') runner.wake();
        else runner.sweep();
        return result;
      },
    );
    app.post(
      '/api/admin/key/bulk/',
      {
        config,
        schema: {
          tags,
          summary: 'Revoke API keys; what is open with them ends',
          body: bulkRequest(['revoke']),
          response,
        },
      },
      async request => {
        const { body, workspaceId, principal, ip } = request;
        const result = await runBulk(body.ids, id =>
          wholeDb.transaction().execute(async trx => {
            await revokeApiKey(trx, workspaceId, id);
            const details = { key_id: id };
            await audit(trx, actorOf(principal, ip), { action: 'key-revoked', workspaceId, details });
          }),
        );
        await openRequests.recheck(request);
        return result;
      },
    );
  };
}

async function requireFailed(db: Db, workspaceId: number, id: number): Promise<void> {
  const { state } = await getDocument(db, workspaceId, id);
  const [next] = await listNextVersions(db, workspaceId, [id]);
  if (![state, next?.state].includes('failed'))
    throw new RequestError('invalid_request', 'The document has not failed.');
}
