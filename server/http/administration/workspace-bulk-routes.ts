import type { FastifyPluginAsync } from 'fastify';
import {
  documentActions,
  documentFilter,
  jobActions,
  jobFilter,
  keyActions,
  keyFilter,
} from '../../../contract/administration/tables.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import { revokeApiKey } from '../../accounts/keys/api-key-store.ts';
import { matchingKeys } from '../../administration/tables/api-keys.ts';
import { matchingDocuments } from '../../administration/tables/documents.ts';
import { findJobs, matchingJobs } from '../../administration/tables/jobs.ts';
import type { Db } from '../../database/open-database.ts';
import { deleteDocument } from '../../documents/delete-document.ts';
import { getDocument, listNextVersions } from '../../documents/document-store.ts';
import type { IngestionRunner } from '../../documents/ingestion/ingestion-runner.ts';
import { reprocessDocument } from '../../documents/replace-document.ts';
import { RequestError } from '../../errors.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { actOnJob } from './act-on-job.ts';
import { registerBulk } from './bulk-routes.ts';
import { runBulk } from './run-bulk.ts';

type Parts = { db: Db; openRequests: OpenRequests; runner: IngestionRunner };

const permission = 'manage';

/** What owners do to many rows of their workspace at once. */
export function workspaceBulkRoutes({ db: wholeDb, openRequests, runner }: Parts): FastifyPluginAsync {
  return async app => {
    registerBulk(app, {
      permission,
      path: '/api/admin/document/',
      summary: 'Delete documents, process them again, or only those of them that failed',
      actions: documentActions,
      filter: documentFilter,
      async act({ db, workspaceId, principal, ip }, action, ids) {
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
      matching: ({ db, workspaceId }, filter, action) => ({
        db,
        ids: matchingDocuments(workspaceId, filter, action),
      }),
    });
    registerBulk(app, {
      permission,
      path: '/api/admin/job/',
      summary: 'Try failed work again, or end what waits or runs',
      actions: jobActions,
      filter: jobFilter,
      async act({ db, workspaceId, principal, ip }, action, ids) {
        const jobs = await findJobs(db, workspaceId, ids);
        const by = actorOf(principal, ip);
        const result = await runBulk(ids, id => actOnJob(wholeDb, { jobs, id, action, by }));
        if (action === 'retry') runner.wake();
        else runner.sweep();
        return result;
      },
      matching: ({ db, workspaceId }, filter, action) => ({
        db,
        ids: matchingJobs(db, workspaceId, { filter, action }),
      }),
    });
    registerBulk(app, {
      permission,
      path: '/api/admin/key/',
      summary: 'Revoke API keys; what is open with them ends',
      actions: keyActions,
      filter: keyFilter,
      async act(request, _, ids) {
        const { workspaceId, principal, ip } = request;
        const result = await runBulk(ids, id =>
          wholeDb.transaction().execute(async trx => {
            await revokeApiKey(trx, workspaceId, id);
            const details = { key_id: id };
            await audit(trx, actorOf(principal, ip), { action: 'key-revoked', workspaceId, details });
          }),
        );
        await openRequests.recheck(request);
        return result;
      },
      matching: ({ db, workspaceId, principal, ip }, filter, action) => ({
        db,
        ids: matchingKeys({ db, wholeDb }, workspaceId, filter, { action, by: actorOf(principal, ip).keyId }),
      }),
    });
  };
}

async function requireFailed(db: Db, workspaceId: number, id: number): Promise<void> {
  const { state } = await getDocument(db, workspaceId, id);
  const [next] = await listNextVersions(db, workspaceId, [id]);
  if (![state, next?.state].includes('failed'))
    throw new RequestError('invalid_request', 'The document has not failed.');
}
