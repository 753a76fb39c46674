import { sql } from 'kysely';
import type { Role, Scope } from '../../contract/accounts/permissions.ts';
import type { Db } from '../database/open-database.ts';
import { RequestError } from '../errors.ts';
import { KEY_PREFIX, sha256Of } from './keys/secrets.ts';
import { everyPermission, permissionsOfKey, permissionsOfUser } from './permissions.ts';
import { anonymous, type Principal } from './principal.ts';
import { readSignInToken } from './signing-in/sign-in-cookie.ts';

/** A request's headers of these names. */
export type Credentials = { cookie?: string | undefined; authorization?: string | undefined };

type Settings = {
  db: Db;
  secretKey: string;
  /** The workspace of whoever is at this machine. */
  defaultWorkspaceId: number;
  isSignInRequired: () => boolean;
  /** What the command line sends to a server of its own; it may do everything. */
  ownerToken: string | undefined;
  onKeyUsed: (key: { workspaceId: number; keyId: number; lastUsedAt: Date | null }) => void;
};

/**
 * Says on whose behalf a request comes. A key is looked at before a cookie: who sends one means it.
 *
 * @throws RequestError not_signed_in for a key that is unknown, expired or revoked.
 */
export async function resolvePrincipal(settings: Settings, credentials: Credentials): Promise<Principal> {
  const bearer = /^Bearer +(\S+) *$/i.exec(credentials.authorization ?? '')?.[1];
  const local = (): Principal => ({
    kind: 'local',
    workspaceId: settings.defaultWorkspaceId,
    permissions: everyPermission,
  });
  if (bearer !== undefined && settings.ownerToken !== undefined && bearer === settings.ownerToken)
    return local();
  // What others want to see there is not ours to judge, as long as nothing depends on it.
  if (bearer !== undefined && (bearer.startsWith(KEY_PREFIX) || settings.isSignInRequired()))
    return ofKey(settings, bearer);
  if (!settings.isSignInRequired()) return local();
  const token = readSignInToken(credentials.cookie, settings.secretKey);
  return (token && (await ofSignIn(settings.db, token))) || anonymous;
}

async function ofKey({ db, onKeyUsed }: Settings, secret: string): Promise<Principal> {
  const {
    rows: [row],
  } = await sql<KeyRow>`/* prepared: resolve-key */
    SELECT k.workspace_id, k.id, k.scopes, k.created_by, k.last_used_at, u.is_admin, m.role
    FROM api_keys k
    LEFT JOIN users u ON u.id = k.created_by
    LEFT JOIN memberships m ON m.workspace_id = k.workspace_id AND m.user_id = k.created_by
    WHERE k.secret_sha256 = ${sha256Of(secret)} AND k.revoked_at IS NULL
      AND (k.expires_at IS NULL OR k.expires_at > now())
      AND u.disabled_at IS NULL`.execute(db);
  if (!row) throw new RequestError('not_signed_in', 'The API key is unknown, has expired or was revoked.');
  onKeyUsed({ workspaceId: row.workspace_id, keyId: row.id, lastUsedAt: row.last_used_at });
  const maker =
    row.created_by === null
      ? everyPermission
      : permissionsOfUser({ role: row.role ?? undefined, isAdmin: row.is_admin === true, mayInspect: false });
  return {
    kind: 'key',
    keyId: row.id,
    makerId: row.created_by,
    workspaceId: row.workspace_id,
    permissions: permissionsOfKey(row.scopes, maker),
  };
}

type KeyRow = {
  workspace_id: number;
  id: number;
  scopes: Scope[];
  created_by: number | null;
  last_used_at: Date | null;
  is_admin: boolean | null;
  role: Role | null;
};

async function ofSignIn(db: Db, token: string): Promise<Principal | undefined> {
  const {
    rows: [row],
  } = await sql<SignInRow>`/* prepared: resolve-sign-in */
    SELECT s.id, s.user_id, u.is_admin, m.workspace_id, m.role, u.is_admin AND EXISTS (
      SELECT FROM chat_access a WHERE a.user_id = u.id AND a.expires_at > now()) AS may_inspect
    FROM sign_ins s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN LATERAL (
      SELECT workspace_id, role FROM memberships WHERE user_id = s.user_id
      ORDER BY workspace_id = s.workspace_id DESC NULLS LAST, created_at, workspace_id LIMIT 1
    ) m ON true
    WHERE s.token = ${token} AND s.expires_at > now() AND u.disabled_at IS NULL`.execute(db);
  if (!row) return undefined;
  const role = row.role ?? undefined;
  return {
    kind: 'user',
    userId: row.user_id,
    signInId: row.id,
    workspaceId: row.workspace_id ?? undefined,
    role,
    permissions: permissionsOfUser({ role, isAdmin: row.is_admin, mayInspect: row.may_inspect }),
  };
}

type SignInRow = {
  id: number;
  user_id: number;
  is_admin: boolean;
  workspace_id: number | null;
  role: Role | null;
  may_inspect: boolean;
};
