import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  codeRequest,
  done,
  signInAnswer,
  signInRequest,
  signInState,
} from '../../../contract/accounts/accounts.ts';
import { errorBody } from '../../../contract/errors.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { type Actor, audit } from '../../accounts/audit-log.ts';
import { anonymous, type Principal } from '../../accounts/principal.ts';
import { hasAdmin } from '../../accounts/signing-in/sign-in-requirement.ts';
import { countAttempt, forgetAttempts } from '../../accounts/signing-in/sign-in-throttle.ts';
import { findUserId } from '../../accounts/user-store.ts';
import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import { credentialsOf } from '../access/guard-routes.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { headersOf, sendCookies } from './send-cookies.ts';

type Parts = { db: Db; accounts: Accounts; openRequests: OpenRequests };

const tags = ['accounts'];
const config = { permission: 'anyone' as const };

/** Signing in and out. */
export function authRoutes({ db, accounts, openRequests }: Parts): FastifyPluginAsyncZod {
  /** A key that is not good is nobody's. */
  const principalOf = (request: FastifyRequest): Promise<Principal> =>
    accounts.resolve(credentialsOf(request)).catch(error => {
      if (error instanceof RequestError) return anonymous;
      throw error;
    });
  return async app => {
    app.get(
      '/api/auth/state/',
      {
        config,
        schema: {
          tags,
          summary: 'Whether one has to sign in, and is signed in',
          response: { 200: signInState },
        },
      },
      async request => {
        const isRequired = accounts.requirement.isRequired();
        const principal = await principalOf(request);
        const required = (await hasAdmin(db)) ? ('required' as const) : ('set_up' as const);
        return {
          sign_in: isRequired ? required : ('open' as const),
          signed_in: principal.kind !== 'anonymous',
          provider: accounts.openid?.name ?? null,
        };
      },
    );
    app.post(
      '/api/auth/sign-in/',
      {
        config,
        schema: {
          tags,
          summary: 'Sign in; the answer sets a cookie',
          body: signInRequest,
          response: {
            200: signInAnswer,
            400: errorBody,
            401: errorBody.describe('Address and password don’t belong together.'),
            429: errorBody.describe('Too many attempts; Retry-After says when there are new ones.'),
          },
        },
      },
      async (request, reply) => {
        const { email, password } = request.body;
        const attempt = { email, address: request.ip };
        await countAttempt(db, attempt);
        const authentication = await accounts.authentication();
        const signedIn = await authentication.signIn({ email, password }, headersOf(request));
        // Looked up in both cases: whether there is the user shows neither in the answer nor in its time.
        const userId = await findUserId(db, email);
        const by: Actor = { actor: signedIn ? 'user' : 'anonymous', userId, address: request.ip };
        await audit(db, by, { action: signedIn ? 'sign-in-succeeded' : 'sign-in-failed' });
        if (!signedIn)
          throw new RequestError('sign_in_failed', 'The e-mail address or the password is not right.');
        await forgetAttempts(db, attempt);
        sendCookies(request, reply, signedIn.cookies);
        return { second_factor: signedIn.secondFactor };
      },
    );
    app.post(
      '/api/auth/code/',
      {
        config,
        schema: {
          tags,
          summary: 'Go on signing in with the code of an authenticator, or with a recovery code',
          body: codeRequest,
          response: { 200: done, 400: errorBody },
        },
      },
      async (request, reply) => {
        const authentication = await accounts.authentication();
        const { code, recovery } = request.body;
        const cookies = await authentication.verifyCode({ code, isBackup: recovery }, headersOf(request));
        if (!cookies)
          throw new RequestError('code_wrong', 'The code is not right, or it is too late: sign in again.');
        sendCookies(request, reply, cookies);
        return { done: true as const };
      },
    );
    app.post(
      '/api/auth/sign-out/',
      {
        config,
        schema: { tags, summary: 'Sign out of this browser', response: { 200: done } },
      },
      async (request, reply) => {
        const authentication = await accounts.authentication();
        sendCookies(request, reply, await authentication.signOut(headersOf(request)));
        await openRequests.recheck(request);
        return { done: true as const };
      },
    );
  };
}
