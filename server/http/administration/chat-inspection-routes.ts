import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { done } from '../../../contract/accounts/accounts.ts';
import {
  chatAccess,
  chatAccessList,
  chatAccessOfMine,
  chatAccessRequest,
  chatMessageQuery,
  chatMessageRow,
  chatQuery,
  chatRow,
} from '../../../contract/administration/chats.ts';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import { readWorkspace } from '../../accounts/workspace-store.ts';
import {
  type ChatAccess,
  grantChatAccess,
  listChatAccess,
  listInspected,
  revokeChatAccess,
} from '../../administration/chats/chat-access-store.ts';
import { readChatMessages, readChats } from '../../administration/chats/chat-tables.ts';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { registerTable } from './table-routes.ts';

type Parts = { db: Db; openRequests: OpenRequests };

const tags = ['administration'];
const config = { permission: 'manage' as const };

/** Whom owners let look at the chats of their workspace, and until when. */
export function chatAccessRoutes({ db, openRequests }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/api/admin/chat-access/',
      {
        config,
        schema: {
          tags,
          summary: 'List the administrators who may look at the chats of the workspace',
          response: { 200: chatAccessList },
        },
      },
      async ({ workspaceId }) => ({ access: (await listChatAccess(db, workspaceId)).map(toAccess) }),
    );
    app.post(
      '/api/admin/chat-access/',
      {
        config,
        schema: {
          tags,
          summary: 'Let an administrator look at the chats of the workspace for some days',
          body: chatAccessRequest,
          response: { 201: chatAccess, 400: errorBody, 404: errorBody },
        },
      },
      async ({ body, workspaceId, principal, ip }, reply) => {
        const access = await db.transaction().execute(async trx => {
          const granted = await grantChatAccess(trx, workspaceId, body);
          const details = { user_id: granted.user_id, reason: body.reason, days: body.days };
          await audit(trx, actorOf(principal, ip), { action: 'chat-access-granted', workspaceId, details });
          return granted;
        });
        return reply.status(201).send(toAccess(access));
      },
    );
    app.delete(
      '/api/admin/chat-access/:id/',
      {
        config,
        schema: {
          tags,
          summary: 'Take the access of a user back',
          params: z.object({ id: idInPath }),
          response: { 200: done, 404: errorBody },
        },
      },
      async request => {
        const { params, workspaceId, principal, ip } = request;
        await db.transaction().execute(async trx => {
          await revokeChatAccess(trx, workspaceId, params.id);
          const details = { user_id: params.id };
          await audit(trx, actorOf(principal, ip), { action: 'chat-access-revoked', workspaceId, details });
        });
        await openRequests.recheck(request);
        return { done: true as const };
      },
    );
    app.get(
      '/api/admin/chat/workspace/',
      {
        config: { permission: 'inspect' },
        schema: {
          tags,
          summary: 'List the workspaces whose chats one may look at',
          response: { 200: chatAccessOfMine },
        },
      },
      async request => ({ workspaces: await listMine(db, request) }),
    );
  };
}

/** The chats themselves. Every look at them is written down, before anything is shown. */
export function chatInspectionRoutes({ db }: { db: Db }): FastifyPluginAsync {
  const look = async (request: FastifyRequest, workspaceId: number, sessionId: number | undefined) => {
    const mine = await listMine(db, request);
    if (!mine.some(({ id }) => id === workspaceId)) throw new NotFoundError('workspace');
    await audit(db, actorOf(request.principal, request.ip), {
      action: sessionId === undefined ? 'chats-listed' : 'chat-read',
      workspaceId,
      details: { ...(sessionId !== undefined && { session_id: sessionId }), query: request.query },
    });
  };
  const idOf = ({ params }: FastifyRequest) => z.object({ id: z.number() }).parse(params).id;
  return async app => {
    registerTable(app, db, {
      path: '/api/admin/chat/',
      permission: 'inspect',
      summary: 'List the chats of a workspace that gave access to them',
      query: chatQuery,
      row: chatRow,
      before: (request, { workspace_id }) => look(request, workspace_id, undefined),
      read: (_, page) => readChats(forWorkspace(db, page.workspace_id), page.workspace_id, page),
      workspaceOf: (_, { workspace_id }) => workspace_id,
    });
    registerTable(app, db, {
      path: '/api/admin/chat/:id/message/',
      permission: 'inspect',
      summary: 'Read a chat of a workspace that gave access to it',
      query: chatMessageQuery,
      row: chatMessageRow,
      before: (request, { workspace_id }) => look(request, workspace_id, idOf(request)),
      read: (_, page, id) =>
        readChatMessages(forWorkspace(db, page.workspace_id), page.workspace_id, id, page),
      workspaceOf: (_, { workspace_id }) => workspace_id,
    });
  };
}

/** Whoever is at this machine, without accounts, has one workspace and all that is in it. */
async function listMine(db: Db, { principal }: FastifyRequest) {
  if (principal.kind === 'local' && principal.workspaceId !== undefined) {
    const own = await readWorkspace(db, principal.workspaceId);
    return [{ ...own, reason: null, expires_at: null }];
  }
  if (principal.kind !== 'user') return [];
  const inspected = await listInspected(db, principal.userId);
  return inspected.map(({ expires_at, ...row }) => ({ ...row, expires_at: expires_at.toISOString() }));
}

const toAccess = ({ granted_at, expires_at, ...access }: ChatAccess) => ({
  ...access,
  granted_at: granted_at.toISOString(),
  expires_at: expires_at.toISOString(),
});
