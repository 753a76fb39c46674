import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import {
  auditQuery,
  auditRow,
  chunkRow,
  documentQuery,
  documentRow,
  jobQuery,
  jobRow,
  keyQuery,
  keyRow,
  partQuery,
  passageRow,
} from '../../../contract/administration/tables.ts';
import { readKeys } from '../../administration/tables/api-keys.ts';
import { readAuditEntries } from '../../administration/tables/audit-entries.ts';
import { readChunks, readPassages } from '../../administration/tables/document-parts.ts';
import { readDocumentTable } from '../../administration/tables/documents.ts';
import { readJobs } from '../../administration/tables/jobs.ts';
import type { Db } from '../../database/open-database.ts';
import { registerTable } from './table-routes.ts';

const common = {
  permission: 'manage' as const,
  workspaceOf: ({ workspaceId }: FastifyRequest) => workspaceId,
};

/** What owners see of their workspace. */
export function workspaceTableRoutes({ db: wholeDb }: { db: Db }): FastifyPluginAsync {
  return async app => {
    registerTable(app, wholeDb, {
      ...common,
      path: '/api/admin/document/',
      summary: 'List the documents of the workspace',
      query: documentQuery,
      row: documentRow,
      read: ({ db, workspaceId }, page) => readDocumentTable(db, workspaceId, page),
    });
    registerTable(app, wholeDb, {
      ...common,
      path: '/api/admin/document/:id/chunk/',
      summary: 'List the chunks of a document',
      query: partQuery,
      row: chunkRow,
      read: ({ db, workspaceId }, page, id) => readChunks(db, workspaceId, id, page),
    });
    registerTable(app, wholeDb, {
      ...common,
      path: '/api/admin/document/:id/passage/',
      summary: 'List the passages of a document, which are what is searched',
      query: partQuery,
      row: passageRow,
      read: ({ db, workspaceId }, page, id) => readPassages(db, workspaceId, id, page),
    });
    registerTable(app, wholeDb, {
      ...common,
      path: '/api/admin/job/',
      summary: 'List the work on the documents of the workspace',
      query: jobQuery,
      row: jobRow,
      async read({ db, workspaceId }, page) {
        const { items, next_cursor } = await readJobs(db, workspaceId, page);
        return { items: items.map(({ workspace: _, ...job }) => job), next_cursor };
      },
    });
    registerTable(app, wholeDb, {
      ...common,
      path: '/api/admin/key/',
      summary: 'List the API keys of the workspace',
      query: keyQuery,
      row: keyRow,
      async read({ db, workspaceId }, page) {
        const { items, next_cursor } = await readKeys({ db, wholeDb }, workspaceId, page);
        return { items: items.map(({ workspace: _, ...key }) => key), next_cursor };
      },
    });
    registerTable(app, wholeDb, {
      ...common,
      path: '/api/admin/audit/',
      summary: 'List who did what in the workspace',
      query: auditQuery,
      row: auditRow,
      read: ({ db, workspaceId }, page) => readAuditEntries({ db, wholeDb }, workspaceId, page),
    });
  };
}
