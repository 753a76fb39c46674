import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { LEAST_PASSWORD, MOST_PASSWORD } from '../../../contract/accounts/password-length.ts';
import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { SIGN_IN_COOKIE, SIGN_IN_SECONDS } from './sign-in-cookie.ts';

type Settings = {
  db: Db;
  secretKey: string;
  /** How people reach the server, for what leads back to it. */
  publicUrl: string | undefined;
  logger: Logger;
};

/** Cookies to send, as `Set-Cookie` headers. */
export type Cookies = string[];

export type Authentication = {
  /** Undefined when address and password don't belong together, or the user is disabled. */
  signIn(
    given: { email: string; password: string },
    headers: Headers,
  ): Promise<{ cookies: Cookies; secondFactor: boolean } | undefined>;
  signOut(headers: Headers): Promise<Cookies>;
  /** Signs in anew and everything else out. @throws RequestError password_wrong. */
  changePassword(given: { current: string; next: string }, headers: Headers): Promise<Cookies>;
  /** The second factor of a sign-in that has begun, or of one to be switched on. Undefined when it is wrong. */
  verifyCode(given: { code: string; isBackup: boolean }, headers: Headers): Promise<Cookies | undefined>;
  /** @throws RequestError password_wrong. */
  beginSecondFactor(password: string, headers: Headers): Promise<{ uri: string; backupCodes: string[] }>;
  /** @throws RequestError password_wrong. */
  endSecondFactor(password: string, headers: Headers): Promise<Cookies>;
};

/** Sign-ins by better-auth on Lectern's own tables; none of its routes is reachable from outside. */
export function createAuthentication(settings: Settings): Authentication {
  const auth = createBetterAuth(settings);
  return {
    async signIn({ email, password }, headers) {
      const answered = await unlessRefused(() =>
        auth.api.signInEmail({ body: { email, password }, headers, returnHeaders: true }),
      );
      if (!answered) return undefined;
      return {
        cookies: answered.headers.getSetCookie(),
        secondFactor: 'twoFactorRedirect' in answered.response,
      };
    },
    async signOut(headers) {
      return (await auth.api.signOut({ headers, returnHeaders: true })).headers.getSetCookie();
    },
    async changePassword({ current, next }, headers) {
      const body = { currentPassword: current, newPassword: next, revokeOtherSessions: true };
      return cookiesOf(() => auth.api.changePassword({ body, headers, returnHeaders: true }));
    },
    async verifyCode({ code, isBackup }, headers) {
      const verify = isBackup ? auth.api.verifyBackupCode : auth.api.verifyTOTP;
      const answered = await unlessRefused(() => verify({ body: { code }, headers, returnHeaders: true }));
      return answered?.headers.getSetCookie();
    },
    async beginSecondFactor(password, headers) {
      const answered = await unlessRefused(() => auth.api.enableTwoFactor({ body: { password }, headers }));
      if (!answered || !('totpURI' in answered)) throw wrongPassword();
      return { uri: answered.totpURI, backupCodes: answered.backupCodes };
    },
    endSecondFactor: (password, headers) =>
      cookiesOf(() => auth.api.disableTwoFactor({ body: { password }, headers, returnHeaders: true })),
  };
}

const wrongPassword = () => new RequestError('password_wrong', 'The present password is not this one.');

async function cookiesOf(call: () => Promise<{ headers: Headers }>): Promise<Cookies> {
  const answered = await unlessRefused(call);
  if (!answered) throw wrongPassword();
  return answered.headers.getSetCookie();
}

/** Undefined for what better-auth refuses (4xx); what goes wrong goes on as an error. */
async function unlessRefused<Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof APIError && error.statusCode < 500) return undefined;
    throw error instanceof APIError ? (error.cause ?? error) : error;
  }
}

function createBetterAuth({ db, secretKey, publicUrl, logger }: Settings) {
  return betterAuth({
    appName: 'Lectern',
    secret: secretKey,
    baseURL: publicUrl ?? 'http://localhost',
    // No transactions of its own: on the embedded database they would wait for each other.
    database: { db, type: 'postgres', transaction: false },
    telemetry: { enabled: false },
    // Only what it says, never what with: that may be anything.
    logger: { level: 'error', log: (_, message) => logger.warn({ from: 'better-auth' }, message) },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: LEAST_PASSWORD,
      maxPasswordLength: MOST_PASSWORD,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', ...times },
      additionalFields: {
        disabledAt: { type: 'date', fieldName: 'disabled_at', required: false, input: false },
      },
    },
    session: {
      modelName: 'sign_ins',
      expiresIn: SIGN_IN_SECONDS,
      disableSessionRefresh: true,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...times,
      },
    },
    account: {
      modelName: 'user_credentials',
      fields: {
        userId: 'user_id',
        providerId: 'provider_id',
        accountId: 'account_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...times,
      },
    },
    verification: { modelName: 'verifications', fields: { expiresAt: 'expires_at', ...times } },
    advanced: {
      database: { generateId: 'serial' },
      ipAddress: { disableIpTracking: true },
      // Set on each answer instead: whether a browser came by HTTPS is known only then.
      useSecureCookies: false,
      cookiePrefix: 'lectern',
      cookies: { session_token: { name: SIGN_IN_COOKIE } },
    },
    databaseHooks: {
      session: { create: { before: async ({ userId }) => await isEnabled(db, Number(userId)) } },
    },
    plugins: [
      twoFactor({
        issuer: 'Lectern',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'two_factors',
            fields: {
              userId: 'user_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
    ],
  });
}

const times = { createdAt: 'created_at', updatedAt: 'updated_at' } as const;

/** Who is disabled gets no sign-in, whichever way they come. */
async function isEnabled(db: Db, userId: number): Promise<boolean> {
  const user = await db.selectFrom('users').select('disabled_at').where('id', '=', userId).executeTakeFirst();
  return user?.disabled_at === null;
}
