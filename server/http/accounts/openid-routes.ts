import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { openidAnswer, openidStart } from '../../../contract/accounts/accounts.ts';
import type { SignInProblem } from '../../../contract/accounts/sign-in-problem.ts';
import { errorBody } from '../../../contract/errors.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { OpenidSignIn } from '../../accounts/openid/openid-sign-in.ts';
import type { Cookies } from '../../accounts/signing-in/authentication.ts';
import { NotFoundError } from '../../errors.ts';
import { publicAddress } from './public-address.ts';
import { sendCookies } from './send-cookies.ts';

type Parts = { accounts: Accounts; publicUrl: string | undefined };

const route = {
  config: { permission: 'anyone' as const },
  // A HEAD would use up what a GET is for.
  exposeHeadRoute: false,
};
const response = { 303: z.null().describe('To the provider, or back to the page.'), 404: errorBody };

/** Signing in with an OpenID provider: browsers are sent there, and come back. */
export function openidRoutes({ accounts: { openid }, publicUrl }: Parts): FastifyPluginAsyncZod {
  const required = (): OpenidSignIn => {
    if (!openid) throw new NotFoundError('provider');
    return openid;
  };
  const redirectUriOf = (request: FastifyRequest) =>
    `${publicAddress(request, publicUrl)}/api/auth/openid/callback/`;
  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    { url, cookies }: { url: string; cookies: Cookies },
  ) => {
    sendCookies(request, reply, cookies, publicAddress(request, publicUrl));
    return reply.redirect(url, 303);
  };
  /** The page says behind the # why nobody is signed in. */
  const pageAt = (request: FastifyRequest, path: string, problem?: SignInProblem) =>
    `${publicAddress(request, publicUrl)}${path}${problem ? `#sign-in=${problem}` : ''}`;
  return async app => {
    app.get(
      '/api/auth/openid/',
      {
        ...route,
        schema: {
          tags: ['accounts'],
          summary: 'Sign in with the OpenID provider: open it in a browser',
          querystring: openidStart,
          response: { ...response, 400: errorBody },
        },
      },
      async (request, reply) => {
        const returnTo = request.query.return_to;
        const { cookies, ...step } = await required().begin(redirectUriOf(request), returnTo);
        const url = 'url' in step ? step.url : pageAt(request, returnTo, step.problem);
        return send(request, reply, { url, cookies });
      },
    );
    app.get(
      '/api/auth/openid/callback/',
      {
        ...route,
        schema: {
          tags: ['accounts'],
          summary: 'Where the provider sends browsers back to',
          querystring: openidAnswer,
          response,
        },
      },
      async (request, reply) => {
        const { cookies, returnTo, problem } = await required().finish({
          redirectUri: redirectUriOf(request),
          // As it came: what the client library checks is its spelling.
          query: request.raw.url?.split('?')[1] ?? '',
          cookies: request.headers.cookie,
          by: { actor: 'anonymous', address: request.ip },
        });
        return send(request, reply, { url: pageAt(request, returnTo, problem), cookies });
      },
    );
  };
}
