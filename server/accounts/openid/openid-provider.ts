import * as oidc from 'openid-client';
import { z } from 'zod';
import { OpenidError } from './openid-error.ts';

/** The provider's addresses and abilities are read again after so long; its keys as they are needed. */
const DISCOVERY_MS = 3_600_000;
const TIMEOUT_SECONDS = 10;
/** By how much the provider's clock may differ. */
const CLOCK_SECONDS = 30;

export type OpenidClient = {
  issuer: string;
  clientId: string;
  /** Undefined for a public client. */
  clientSecret: string | undefined;
  /** An address of which the provider does not say whether it is verified counts as verified. */
  trustsEmail: boolean;
};

/** What a browser keeps between leaving for the provider and coming back. */
export type Attempt = { state: string; nonce: string; verifier: string };

/** Whom the provider says somebody is; issuer and subject together name one person for ever. */
export type Identity = {
  issuer: string;
  subject: string;
  /** In lower case; undefined when the provider tells none. */
  email: string | undefined;
  isEmailVerified: boolean;
  name: string;
};

export type OpenidProvider = {
  /** @throws OpenidError */
  begin(redirectUri: string): Promise<{ url: string; attempt: Attempt }>;
  /**
   * @param answer the query with which the browser has come back.
   * @throws OpenidError
   */
  finish(redirectUri: string, answer: string, attempt: Attempt): Promise<Identity>;
};

/** The authorization code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636), by openid-client. */
export function createOpenidProvider(client: OpenidClient): OpenidProvider {
  let known: { configuration: oidc.Configuration; readMs: number } | undefined;
  const configure = async () => {
    if (!known || performance.now() - known.readMs > DISCOVERY_MS)
      known = { configuration: await discover(client), readMs: performance.now() };
    return known.configuration;
  };
  return {
    async begin(redirectUri) {
      const configuration = await toOpenidErrors(configure);
      const attempt = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, attempt };
    },
    finish: (redirectUri, answer, attempt) =>
      toOpenidErrors(async () => {
        const configuration = await configure();
        const url = new URL(redirectUri);
        url.search = answer;
        const tokens = await oidc.authorizationCodeGrant(configuration, url, {
          pkceCodeVerifier: attempt.verifier,
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (!claims) throw new OpenidError('failed', 'the provider has sent no ID token');
        const hasUserInfo = configuration.serverMetadata().userinfo_endpoint !== undefined;
        // Many providers keep the ID token short. Before an address is trusted, what it leaves out must be looked for.
        const isShort =
          claims.email === undefined || (client.trustsEmail && claims.email_verified === undefined);
        const more =
          isShort && hasUserInfo
            ? await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)
            : {};
        return toIdentity({ ...more, ...claims }, client);
      }),
  };
}

async function discover({ issuer, clientId, clientSecret }: OpenidClient): Promise<oidc.Configuration> {
  const isPlain = issuer.startsWith('http:');
  const found = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
    timeout: TIMEOUT_SECONDS,
    // Only on this machine: the settings take no other.
    execute: isPlain ? [oidc.allowInsecureRequests] : [],
  });
  const server = found.serverMetadata();
  const configuration = new oidc.Configuration(
    server,
    clientId,
    { [oidc.clockTolerance]: CLOCK_SECONDS },
    authenticationOf(server, clientSecret),
  );
  configuration.timeout = TIMEOUT_SECONDS;
  if (isPlain) oidc.allowInsecureRequests(configuration);
  // The signature of the ID token is checked too, though it comes from the provider directly.
  oidc.enableNonRepudiationChecks(configuration);
  return configuration;
}

/** OpenID Connect Discovery 1.0: a provider that says nothing takes client_secret_basic. */
function authenticationOf(server: oidc.ServerMetadata, secret: string | undefined): oidc.ClientAuth {
  if (secret === undefined) return oidc.None();
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_basic')
    ? oidc.ClientSecretBasic(secret)
    : oidc.ClientSecretPost(secret);
}

const emailClaim = z.string().trim().toLowerCase().max(254).pipe(z.email());
const claimsOfInterest = z.looseObject({
  iss: z.string(),
  sub: z.string(),
  email: emailClaim.optional().catch(undefined),
  // Some providers send it as a word. Whatever else is said is not that it is verified.
  email_verified: z
    .union([z.boolean(), z.literal('true').transform(() => true)])
    .optional()
    .catch(false),
  name: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
});

function toIdentity(claims: object, { trustsEmail }: OpenidClient): Identity {
  const { iss, sub, email, email_verified, name, preferred_username } = claimsOfInterest.parse(claims);
  const shown = [name, preferred_username, email?.split('@')[0]]
    .map(text => text?.replace(/\p{Cc}+/gu, ' ').trim())
    .find(text => text);
  return {
    issuer: iss,
    subject: sub,
    email,
    isEmailVerified: email_verified ?? trustsEmail,
    name: (shown ?? sub).slice(0, 100).toWellFormed(),
  };
}

/** Tells a provider that is away from one that refuses; of its answers only what the standards name is kept. */
async function toOpenidErrors<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof OpenidError) throw error;
    if (error instanceof oidc.AuthorizationResponseError)
      throw new OpenidError(
        error.error === 'access_denied' ? 'cancelled' : 'failed',
        `the provider answered ${error.error}`,
      );
    if (error instanceof oidc.ResponseBodyError)
      throw new OpenidError('failed', `the provider answered ${error.status} ${error.error}`);
    if (isAway(error)) throw new OpenidError('unavailable', `the provider is away: ${describe(error)}`);
    throw new OpenidError('failed', describe(error));
  }
}

const describe = (error: unknown) => {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  const code = 'code' in error ? `${error.code}: ` : '';
  return `${code}${error.message}`;
};

/** fetch throws a TypeError without a code when there is no connection; a 5xx is no answer to the question either. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.message === 'fetch failed' || error.name === 'TimeoutError') return true;
  if (error.cause instanceof Response) return error.cause.status >= 500;
  return 'code' in error && error.code === 'OAUTH_TIMEOUT';
}
