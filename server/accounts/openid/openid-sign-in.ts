import type { SignInProblem } from '../../../contract/accounts/sign-in-problem.ts';
import type { Db } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';
import { type Actor, audit } from '../audit-log.ts';
import type { Cookies } from '../signing-in/authentication.ts';
import { signInVouched } from '../signing-in/vouched-sign-in.ts';
import { type AdmissionRules, admitIdentity } from './admit-identity.ts';
import { attemptCookie, endedAttemptCookie, readAttempt } from './attempt-cookie.ts';
import { OpenidError } from './openid-error.ts';
import type { OpenidClient, OpenidProvider } from './openid-provider.ts';

export type OpenidSettings = {
  /** As people know the provider. */
  name: string;
  client: OpenidClient;
  rules: AdmissionRules;
};

export type OpenidSignIn = {
  name: string;
  /** @returns where the browser goes now, or why it goes nowhere. */
  begin(
    redirectUri: string,
    returnTo: string,
  ): Promise<{ cookies: Cookies; url: string } | { cookies: Cookies; problem: SignInProblem }>;
  /** Its browser has come back: signs it in, or says why not. */
  finish(answer: {
    redirectUri: string;
    /** With which the browser came back. */
    query: string;
    /** Its Cookie header. */
    cookies: string | undefined;
    by: Actor;
  }): Promise<{ returnTo: string; cookies: Cookies; problem: SignInProblem | undefined }>;
};

type Parts = { db: Db; secretKey: string; logger: Logger };

/** Sign-ins with an OpenID provider. Its client is loaded when somebody first signs in so. */
export function createOpenidSignIn(
  { name, client, rules }: OpenidSettings,
  { db, secretKey, logger }: Parts,
): OpenidSignIn {
  let provider: Promise<OpenidProvider> | undefined;
  const load = () => {
    provider ??= import('./openid-provider.ts').then(loaded => loaded.createOpenidProvider(client));
    return provider;
  };
  const problemOf = (error: unknown): SignInProblem => {
    if (!(error instanceof OpenidError)) throw error;
    logger.warn({ issuer: client.issuer, reason: error.message }, 'signing in with the provider failed');
    return error.problem;
  };
  return {
    name,
    async begin(redirectUri, returnTo) {
      try {
        const { url, attempt } = await (await load()).begin(redirectUri);
        return { url, cookies: [attemptCookie({ ...attempt, returnTo }, secretKey)] };
      } catch (error) {
        return { problem: problemOf(error), cookies: [] };
      }
    },
    async finish({ redirectUri, query, cookies, by }) {
      const attempt = readAttempt(cookies, secretKey);
      if (!attempt) return { problem: 'expired', returnTo: '/', cookies: [endedAttemptCookie] };
      const { returnTo } = attempt;
      const details = { issuer: client.issuer };
      try {
        const identity = await (await load()).finish(redirectUri, query, attempt);
        const userId = await admitIdentity(db, identity, { rules, by });
        const signedIn = await signInVouched(db, userId, secretKey);
        await audit(db, { ...by, actor: 'user', userId }, { action: 'sign-in-succeeded', details });
        return { problem: undefined, returnTo, cookies: [endedAttemptCookie, ...signedIn] };
      } catch (error) {
        const problem = problemOf(error);
        await audit(db, by, { action: 'sign-in-failed', details: { ...details, problem } });
        return { problem, returnTo, cookies: [endedAttemptCookie] };
      }
    },
  };
}
