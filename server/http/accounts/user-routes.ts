import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  done,
  newUser,
  resetLink,
  userChange,
  userList,
  userRequest,
} from '../../../contract/accounts/accounts.ts';
import { errorBody } from '../../../contract/errors.ts';
import { page } from '../../../contract/paging.ts';
import { idInPath } from '../../../contract/scalars.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import { createResetLink } from '../../accounts/links/link-store.ts';
import {
  changeUser,
  endSignIns,
  getUser,
  insertUser,
  listUsers,
  prepareNoPassword,
} from '../../accounts/user-store.ts';
import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { nextCursor } from '../next-cursor.ts';
import { linkAddress } from './link-address.ts';
import { toUser } from './to-user.ts';

type Parts = { db: Db; openRequests: OpenRequests; publicUrl: string | undefined };

const tags = ['users'];
const config = { permission: 'administer' as const };
const params = z.object({ id: idInPath });

/** Everybody with an account on this server. */
export function userRoutes({ db, openRequests, publicUrl }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/api/user/',
      {
        config,
        schema: {
          tags,
          summary: 'List the users, newest first',
          querystring: page,
          response: { 200: userList, 400: errorBody },
        },
      },
      async ({ query: { cursor, limit } }) => {
        const before = cursor === undefined ? undefined : Number(cursor);
        const users = await listUsers(db, { before, limit });
        return {
          users: users.map(({ workspaces, ...row }) => ({
            ...toUser(row),
            disabled: row.disabled_at !== null,
            created_at: row.created_at.toISOString(),
            workspaces,
          })),
          next_cursor: nextCursor(users, limit),
        };
      },
    );
    app.post(
      '/api/user/',
      {
        config,
        schema: {
          tags,
          summary: 'Make a user, and the link with which they set their password',
          body: userRequest,
          response: { 201: newUser, 400: errorBody, 409: errorBody },
        },
      },
      async ({ body: { email, name }, principal, ip }, reply) => {
        // Without an administrator nobody could sign in any more.
        if (principal.kind === 'local')
          throw new RequestError(
            'invalid_request',
            'There is no account yet: POST /api/auth/set-up/ makes the first.',
          );
        const passwordHash = await prepareNoPassword();
        const created = await db.transaction().execute(async trx => {
          const id = await insertUser(trx, { email, name, isAdmin: false }, passwordHash);
          await audit(trx, actorOf(principal, ip), {
            action: 'user-created',
            details: { user_id: id, email },
          });
          return { id, ...(await createResetLink(trx, id)) };
        });
        reply.header('cache-control', 'no-store');
        return reply.status(201).send({
          id: created.id,
          link: linkAddress(publicUrl, '/reset-password', created.token),
          expires_at: created.expires_at.toISOString(),
        });
      },
    );
    app.patch(
      '/api/user/:id/',
      {
        config,
        schema: {
          tags,
          summary:
            'Disable or enable a user, or make them an administrator; what a disabled one has open ends',
          params,
          body: userChange,
          response: { 200: done, 400: errorBody, 404: errorBody, 409: errorBody },
        },
      },
      async request => {
        const { params, body, principal, ip } = request;
        await db.transaction().execute(async trx => {
          await changeUser(trx, params.id, { disabled: body.disabled, isAdmin: body.is_admin });
          const details = { user_id: params.id, ...body };
          await audit(trx, actorOf(principal, ip), { action: 'user-changed', details });
        });
        await openRequests.recheck(request);
        return { done: true as const };
      },
    );
    app.post(
      '/api/user/:id/sign-out/',
      {
        config,
        schema: {
          tags,
          summary: 'Sign a user out of every browser; what is open there ends',
          params,
          response: { 200: done, 404: errorBody },
        },
      },
      async request => {
        const { params, principal, ip } = request;
        await db.transaction().execute(async trx => {
          await getUser(trx, params.id);
          await endSignIns(trx, params.id);
          const details = { user_id: params.id };
          await audit(trx, actorOf(principal, ip), { action: 'sign-out-everywhere', details });
        });
        await openRequests.recheck(request);
        return { done: true as const };
      },
    );
    app.post(
      '/api/user/:id/reset-link/',
      {
        config,
        schema: {
          tags,
          summary: 'Make a link with which a user sets a new password',
          params,
          response: { 201: resetLink, 404: errorBody },
        },
      },
      async ({ params: { id }, principal, ip }, reply) => {
        const { token, expires_at } = await db.transaction().execute(async trx => {
          await getUser(trx, id);
          await audit(trx, actorOf(principal, ip), {
            action: 'reset-link-created',
            details: { user_id: id },
          });
          return createResetLink(trx, id);
        });
        reply.header('cache-control', 'no-store');
        return reply.status(201).send({
          link: linkAddress(publicUrl, '/reset-password', token),
          expires_at: expires_at.toISOString(),
        });
      },
    );
  };
}
