import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  account,
  codeRequest,
  done,
  passwordChange,
  passwordProof,
  secondFactor,
  workspaceChoice,
} from '../../../contract/accounts/accounts.ts';
import { errorBody } from '../../../contract/errors.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { type AuditedAction, actorOf, audit } from '../../accounts/audit-log.ts';
import { countAttempt, forgetAttempts } from '../../accounts/signing-in/sign-in-throttle.ts';
import { endSignIns, getUser } from '../../accounts/user-store.ts';
import { listWorkspacesOf, readWorkspace, switchWorkspace } from '../../accounts/workspace-store.ts';
import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import type { OpenRequests } from '../access/open-requests.ts';
import { headersOf, sendCookies } from './send-cookies.ts';
import { toUser } from './to-user.ts';

type Parts = { db: Db; accounts: Accounts; openRequests: OpenRequests };

const tags = ['accounts'];
const config = { permission: 'account' as const };

/** What people do with their own account. */
export function accountRoutes({ db, accounts, openRequests }: Parts): FastifyPluginAsyncZod {
  const note = (request: FastifyRequest, action: AuditedAction) =>
    audit(db, actorOf(request.principal, request.ip), { action });
  /** Whoever has taken over a browser shall not guess the password there. */
  const withPassword = async <Result>(request: FastifyRequest, check: () => Promise<Result>) => {
    const { email } = await getUser(db, userOf(request).userId);
    const attempt = { email, address: request.ip };
    await countAttempt(db, attempt);
    const result = await check();
    await forgetAttempts(db, attempt);
    return result;
  };
  return async app => {
    app.get(
      '/api/account/',
      {
        config,
        schema: {
          tags,
          summary: 'Who is signed in, where, and what they may do',
          response: { 200: account },
        },
      },
      async ({ principal }) => {
        const { kind, workspaceId, permissions } = principal;
        const userId = kind === 'user' ? principal.userId : undefined;
        const found = workspaceId === undefined ? null : await readWorkspace(db, workspaceId);
        return {
          user: userId === undefined ? null : toUser(await getUser(db, userId)),
          workspace: found,
          role: kind === 'user' ? (principal.role ?? null) : ('owner' as const),
          permissions: [...permissions],
          workspaces:
            userId !== undefined
              ? await listWorkspacesOf(db, userId)
              : found
                ? [{ ...found, role: 'owner' as const }]
                : [],
        };
      },
    );
    app.post(
      '/api/account/password/',
      {
        config,
        schema: {
          tags,
          summary: 'Change the password; everything else that is signed in is signed out',
          body: passwordChange,
          response: { 200: done, 400: errorBody, 429: errorBody },
        },
      },
      async (request, reply) => {
        const { current_password: current, new_password: next } = request.body;
        const { changePassword } = await accounts.authentication();
        const cookies = await withPassword(request, () =>
          changePassword({ current, next }, headersOf(request)),
        );
        await note(request, 'password-changed');
        sendCookies(request, reply, cookies);
        await openRequests.recheck(request);
        return { done: true as const };
      },
    );
    app.post(
      '/api/account/sign-out-everywhere/',
      {
        config,
        schema: { tags, summary: 'Sign out of every browser, this one too', response: { 200: done } },
      },
      async request => {
        await endSignIns(db, userOf(request).userId);
        await note(request, 'sign-out-everywhere');
        await openRequests.recheck(request);
        return { done: true as const };
      },
    );
    app.post(
      '/api/account/workspace/',
      {
        config,
        schema: {
          tags,
          summary: 'Turn to another workspace, in this browser',
          body: workspaceChoice,
          response: { 200: done, 400: errorBody, 404: errorBody },
        },
      },
      async request => {
        await switchWorkspace(db, userOf(request).signInId, request.body.workspace_id);
        return { done: true as const };
      },
    );
    app.post(
      '/api/account/second-factor/',
      {
        config,
        schema: {
          tags,
          summary: 'Begin to use an authenticator; it counts once its first code was sent',
          body: passwordProof,
          response: { 200: secondFactor, 400: errorBody, 429: errorBody },
        },
      },
      async request => {
        userOf(request);
        const { beginSecondFactor } = await accounts.authentication();
        const { uri, backupCodes } = await withPassword(request, () =>
          beginSecondFactor(request.body.password, headersOf(request)),
        );
        return { uri, recovery_codes: backupCodes };
      },
    );
    app.post(
      '/api/account/second-factor/code/',
      {
        config,
        schema: {
          tags,
          summary: 'Send the first code of the authenticator',
          body: codeRequest,
          response: { 200: done, 400: errorBody },
        },
      },
      async (request, reply) => {
        userOf(request);
        const { verifyCode } = await accounts.authentication();
        const { code } = request.body;
        const cookies = await verifyCode({ code, isBackup: false }, headersOf(request));
        if (!cookies) throw new RequestError('code_wrong', 'The code is not right.');
        await note(request, 'second-factor-enabled');
        sendCookies(request, reply, cookies);
        return { done: true as const };
      },
    );
    app.post(
      '/api/account/second-factor/end/',
      {
        config,
        schema: {
          tags,
          summary: 'Use no authenticator any more',
          body: passwordProof,
          response: { 200: done, 400: errorBody, 429: errorBody },
        },
      },
      async (request, reply) => {
        const { endSecondFactor } = await accounts.authentication();
        const cookies = await withPassword(request, () =>
          endSecondFactor(request.body.password, headersOf(request)),
        );
        await note(request, 'second-factor-disabled');
        sendCookies(request, reply, cookies);
        return { done: true as const };
      },
    );
  };
}

/** @throws RequestError where nobody has an account yet. */
function userOf({ principal }: FastifyRequest): { userId: number; signInId: number } {
  if (principal.kind === 'user') return principal;
  throw new RequestError(
    'invalid_request',
    'There is no account yet: POST /api/auth/set-up/ makes the first.',
  );
}
