import type { FastifyPluginAsync } from 'fastify';
import { settingHistoryQuery, settingHistoryRow } from '../../../contract/administration/settings.ts';
import {
  auditRow,
  memberQuery,
  memberRow,
  serverAuditQuery,
  serverJobQuery,
  serverJobRow,
  serverKeyQuery,
  serverKeyRow,
  userQuery,
  userRow,
  workspaceQuery,
  workspaceRow,
} from '../../../contract/administration/tables.ts';
import { readKeys } from '../../administration/tables/api-keys.ts';
import { readAuditEntries } from '../../administration/tables/audit-entries.ts';
import { readJobs } from '../../administration/tables/jobs.ts';
import { readSettingHistory } from '../../administration/tables/setting-history.ts';
import { readMembers, readUsers } from '../../administration/tables/users.ts';
import { readWorkspaces } from '../../administration/tables/workspaces.ts';
import type { Db } from '../../database/open-database.ts';
import { registerTable } from './table-routes.ts';

const common = { permission: 'administer' as const, workspaceOf: () => undefined };

/** What administrators of the server see of all workspaces: who and how much, and nothing of what stands in them. */
export function serverTableRoutes({ db }: { db: Db }): FastifyPluginAsync {
  return async app => {
    registerTable(app, db, {
      ...common,
      path: '/api/admin/user/',
      summary: 'List the users of the server',
      query: userQuery,
      row: userRow,
      read: (_, page) => readUsers(db, page),
    });
    registerTable(app, db, {
      ...common,
      path: '/api/admin/workspace/',
      summary: 'List the workspaces with what they hold',
      query: workspaceQuery,
      row: workspaceRow,
      read: (_, page) => readWorkspaces(db, page),
    });
    registerTable(app, db, {
      ...common,
      path: '/api/admin/workspace/:id/member/',
      summary: 'List the members of a workspace',
      query: memberQuery,
      row: memberRow,
      read: (_, page, id) => readMembers(db, id, page),
    });
    registerTable(app, db, {
      ...common,
      path: '/api/admin/server/job/',
      summary: 'List the work on documents of all workspaces, without their names',
      query: serverJobQuery,
      row: serverJobRow,
      async read(_, page) {
        const { items, next_cursor } = await readJobs(db, page.workspace_id, page);
        return { items: items.map(({ filename: __, ...job }) => job), next_cursor };
      },
    });
    registerTable(app, db, {
      ...common,
      path: '/api/admin/server/key/',
      summary: 'List the API keys of all workspaces',
      query: serverKeyQuery,
      row: serverKeyRow,
      read: (_, page) => readKeys({ db, wholeDb: db }, page.workspace_id, page),
    });
    registerTable(app, db, {
      ...common,
      path: '/api/admin/server/audit/',
      summary: 'List who did what on the server',
      query: serverAuditQuery,
      row: auditRow,
      read: (_, page) => readAuditEntries({ db, wholeDb: db }, page.workspace_id, page),
    });
    registerTable(app, db, {
      ...common,
      path: '/api/admin/settings/history/',
      summary: 'List who changed which setting',
      query: settingHistoryQuery,
      row: settingHistoryRow,
      read: (_, page) => readSettingHistory(db, page),
    });
  };
}
