import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  done,
  inviteList,
  inviteRequest,
  memberChange,
  memberList,
  newInvite,
  workspace,
  workspaceRequest,
} from '../../../contract/accounts/accounts.ts';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import { createInvite, deleteInvite, type InviteRow, listInvites } from '../../accounts/links/link-store.ts';
import {
  changeMember,
  createWorkspace,
  listMembers,
  renameWorkspace,
} from '../../accounts/workspace-store.ts';
import { isolationRemedy, whyNotEnforced } from '../../database/isolation/row-security.ts';
import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { linkAddress } from './link-address.ts';

type Parts = { db: Db; openRequests: OpenRequests; publicUrl: string | undefined };

const tags = ['workspaces'];
const config = { permission: 'manage' as const };
const params = z.object({ id: idInPath });

/** @throws RequestError when PostgreSQL could not keep a second workspace from the first. */
async function requireIsolation(db: Db): Promise<void> {
  const reason = await whyNotEnforced(db);
  if (reason !== undefined)
    throw new RequestError(
      'invalid_request',
      `PostgreSQL can’t keep workspaces apart yet: ${reason}. ${isolationRemedy}`,
    );
}

/** The workspace that a request is about, its members and invites. */
export function workspaceRoutes({ db, openRequests, publicUrl }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/workspace/',
      {
        config: { permission: 'administer' },
        schema: {
          tags,
          summary: 'Create a workspace; whoever does owns it',
          body: workspaceRequest,
          response: { 201: workspace, 400: errorBody },
        },
      },
      async ({ body: { name }, principal, ip }, reply) => {
        if (principal.kind !== 'user')
          throw new RequestError('invalid_request', 'A workspace needs an owner with an account.');
        await requireIsolation(db);
        const id = await db.transaction().execute(async trx => {
          const workspaceId = await createWorkspace(trx, name, principal.userId);
          await audit(trx, actorOf(principal, ip), { action: 'workspace-created', workspaceId });
          return workspaceId;
        });
        return reply.status(201).send({ id, name });
      },
    );
    app.patch(
      '/api/workspace/',
      {
        config,
        schema: {
          tags,
          summary: 'Rename the workspace',
          body: workspaceRequest,
          response: { 200: workspace, 400: errorBody },
        },
      },
      async ({ body: { name }, workspaceId, principal, ip }) => {
        await renameWorkspace(db, workspaceId, name);
        const by = actorOf(principal, ip);
        await audit(db, by, { action: 'workspace-renamed', workspaceId, details: { name } });
        return { id: workspaceId, name };
      },
    );
    app.get(
      '/api/workspace/member/',
      {
        config,
        schema: { tags, summary: 'List the members', response: { 200: memberList } },
      },
      async ({ workspaceId }) => ({
        members: (await listMembers(db, workspaceId)).map(({ disabled_at, created_at, ...member }) => ({
          ...member,
          disabled: disabled_at !== null,
          since: created_at.toISOString(),
        })),
      }),
    );
    app.patch(
      '/api/workspace/member/:id/',
      {
        config,
        schema: {
          tags,
          summary: 'Give a member another role',
          params,
          body: memberChange,
          response: { 200: done, 400: errorBody, 404: errorBody, 409: errorBody },
        },
      },
      async request => {
        const { params, body, workspaceId, principal, ip } = request;
        const change = { userId: params.id, role: body.role };
        await db.transaction().execute(async trx => {
          await changeMember(trx, workspaceId, change);
          const details = { user_id: params.id, role: body.role };
          await audit(trx, actorOf(principal, ip), { action: 'member-changed', workspaceId, details });
        });
        await openRequests.recheck(request);
        return { done: true as const };
      },
    );
    app.delete(
      '/api/workspace/member/:id/',
      {
        config,
        schema: {
          tags,
          summary: 'Remove a member; what they wrote stays, their keys do nothing any more',
          params,
          response: { 200: done, 404: errorBody, 409: errorBody },
        },
      },
      async request => {
        const { params, workspaceId, principal, ip } = request;
        await db.transaction().execute(async trx => {
          await changeMember(trx, workspaceId, { userId: params.id, role: undefined });
          const details = { user_id: params.id };
          await audit(trx, actorOf(principal, ip), { action: 'member-removed', workspaceId, details });
        });
        await openRequests.recheck(request);
        return { done: true as const };
      },
    );
    app.post(
      '/api/workspace/invite/',
      {
        config,
        schema: {
          tags,
          summary: 'Make a link with which someone becomes a member',
          body: inviteRequest,
          response: { 201: newInvite, 400: errorBody },
        },
      },
      async ({ body: { role, email, days }, workspaceId, principal, ip }, reply) => {
        const createdBy = principal.kind === 'user' ? principal.userId : undefined;
        const created = await db.transaction().execute(async trx => {
          const invite = await createInvite(trx, workspaceId, { role, email, days, createdBy });
          const details = { invite_id: invite.id, role };
          await audit(trx, actorOf(principal, ip), { action: 'invite-created', workspaceId, details });
          return invite;
        });
        return reply
          .status(201)
          .send({ ...toInvite(created), link: linkAddress(publicUrl, '/invite', created.token) });
      },
    );
    app.get(
      '/api/workspace/invite/',
      {
        config,
        schema: { tags, summary: 'List the invites that are open', response: { 200: inviteList } },
      },
      async ({ workspaceId }) => ({ invites: (await listInvites(db, workspaceId)).map(toInvite) }),
    );
    app.delete(
      '/api/workspace/invite/:id/',
      {
        config,
        schema: {
          tags,
          summary: 'Take an invite back',
          params,
          response: { 200: done, 404: errorBody },
        },
      },
      async ({ params: { id }, workspaceId, principal, ip }) => {
        await db.transaction().execute(async trx => {
          await deleteInvite(trx, workspaceId, id);
          const details = { invite_id: id };
          await audit(trx, actorOf(principal, ip), { action: 'invite-revoked', workspaceId, details });
        });
        return { done: true as const };
      },
    );
  };
}

function toInvite({ id, role, email, created_at, expires_at }: InviteRow) {
  return { id, role, email, created_at: created_at.toISOString(), expires_at: expires_at.toISOString() };
}
