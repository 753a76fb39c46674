import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  done,
  inviteAcceptance,
  inviteDescription,
  inviteLookup,
  resetRequest,
  setUpRequest,
} from '../../../contract/accounts/accounts.ts';
import { errorBody } from '../../../contract/errors.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { type Actor, actorOf, audit } from '../../accounts/audit-log.ts';
import { acceptInvite } from '../../accounts/links/accept-invite.ts';
import { createAdmin } from '../../accounts/links/create-admin.ts';
import { describeInvite, requireLink, takeLink } from '../../accounts/links/link-store.ts';
import { preparePassword, resetPassword } from '../../accounts/user-store.ts';
import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import { credentialsOf } from '../access/guard-routes.ts';
import type { OpenRequests } from '../access/open-requests.ts';

type Parts = { db: Db; accounts: Accounts; openRequests: OpenRequests };

const tags = ['accounts'];
/** Whoever has the link may. */
const config = { permission: 'anyone' as const };

/** What links lead to: the first administrator, an invite, a new password. */
export function linkRoutes({ db, accounts, openRequests }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/auth/set-up/',
      {
        config,
        schema: {
          tags,
          summary: 'Make the first administrator; without accounts, from this machine, no token is needed',
          body: setUpRequest,
          response: { 201: done, 400: errorBody, 401: errorBody, 409: errorBody },
        },
      },
      async ({ body, ip }, reply) => {
        const { token, ...user } = body;
        if (token !== undefined) await requireLink(db, 'set_up', token);
        else if (accounts.requirement.isRequired())
          throw new RequestError(
            'not_signed_in',
            'This needs the link that the server printed at its start.',
          );
        const by: Actor = { actor: token === undefined ? 'local' : 'anonymous', address: ip };
        await createAdmin(db, user, { by, token });
        accounts.requirement.require();
        await openRequests.recheck();
        return reply.status(201).send({ done: true });
      },
    );
    app.post(
      '/api/auth/invite/',
      {
        config,
        schema: {
          tags,
          summary: 'Read what an invite is for',
          body: inviteLookup,
          response: { 200: inviteDescription, 400: errorBody },
        },
      },
      async ({ body }) => {
        const invite = await describeInvite(db, body.token);
        return { ...invite, expires_at: invite.expires_at.toISOString() };
      },
    );
    app.post(
      '/api/auth/accept-invite/',
      {
        config,
        schema: {
          tags,
          summary: 'Accept an invite: as who is signed in, or with a new account',
          body: inviteAcceptance,
          response: { 200: done, 201: done.describe('With a new account.'), 400: errorBody, 409: errorBody },
        },
      },
      async (request, reply) => {
        const principal = await accounts.resolve(credentialsOf(request));
        const { token, ...newUser } = request.body;
        const by = actorOf(principal, request.ip);
        const userId = principal.kind === 'user' ? principal.userId : undefined;
        await acceptInvite(db, token, { userId, newUser, by });
        accounts.requirement.require();
        return reply.status(userId === undefined ? 201 : 200).send({ done: true });
      },
    );
    app.post(
      '/api/auth/reset/',
      {
        config,
        schema: {
          tags,
          summary: 'Set a new password by a link; everything that was signed in is signed out',
          body: resetRequest,
          response: { 200: done, 400: errorBody },
        },
      },
      async ({ body: { token, password }, ip }) => {
        await requireLink(db, 'reset', token);
        const passwordHash = await preparePassword(password);
        await db.transaction().execute(async trx => {
          const userId = await takeLink(trx, 'reset', token);
          if (userId === null) throw new Error('a link that resets no password');
          await resetPassword(trx, userId, passwordHash);
          await audit(trx, { actor: 'anonymous', userId, address: ip }, { action: 'password-reset' });
        });
        await openRequests.recheck();
        return { done: true as const };
      },
    );
  };
}
