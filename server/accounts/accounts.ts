import type { Db } from '../database/open-database.ts';
import type { Logger } from '../logger.ts';
import { createUseRecorder } from './keys/api-key-store.ts';
import { createOpenidSignIn, type OpenidSettings, type OpenidSignIn } from './openid/openid-sign-in.ts';
import type { Principal } from './principal.ts';
import { type Credentials, resolvePrincipal } from './resolve-principal.ts';
import type { Authentication } from './signing-in/authentication.ts';
import { SignInRequirement } from './signing-in/sign-in-requirement.ts';
import { readDefaultWorkspace } from './workspace-store.ts';

export type Accounts = {
  requirement: SignInRequirement;
  defaultWorkspaceId: number;
  /** @throws RequestError not_signed_in for a key that is not good. */
  resolve(credentials: Credentials): Promise<Principal>;
  /** Loaded when someone first signs in: a server without accounts never needs it. */
  authentication(): Promise<Authentication>;
  /** Undefined without an OpenID provider. */
  openid: OpenidSignIn | undefined;
};

type Settings = {
  db: Db;
  logger: Logger;
  secretKey: string;
  /** Other machines can reach the server. */
  isPublic: boolean;
  /** Other processes may use this database. */
  isShared: boolean;
  publicUrl: string | undefined;
  openid: OpenidSettings | undefined;
  ownerToken: string | undefined;
};

/** Who uses this server, and whether that has to be asked at all. */
export async function openAccounts(settings: Settings): Promise<Accounts> {
  const { db, logger, secretKey, publicUrl, openid, ownerToken } = settings;
  const requirement = new SignInRequirement(db, settings);
  const [defaultWorkspaceId] = await Promise.all([readDefaultWorkspace(db), requirement.look()]);
  const resolving = {
    db,
    secretKey,
    defaultWorkspaceId,
    isSignInRequired: () => requirement.isRequired(),
    ownerToken,
    onKeyUsed: createUseRecorder(db, logger),
  };
  let authentication: Promise<Authentication> | undefined;
  return {
    requirement,
    defaultWorkspaceId,
    resolve: credentials => resolvePrincipal(resolving, credentials),
    authentication() {
      authentication ??= import('./signing-in/authentication.ts').then(({ createAuthentication }) =>
        createAuthentication({ db, secretKey, publicUrl, logger }),
      );
      return authentication;
    },
    openid: openid && createOpenidSignIn(openid, { db, secretKey, logger }),
  };
}
