import type { Permission, Role } from '../../contract/accounts/permissions.ts';
import { RequestError } from '../errors.ts';

type Common = {
  /** What a request is about: every query of it is within this workspace. Undefined where there is none. */
  workspaceId: number | undefined;
  permissions: readonly Permission[];
};

/** On whose behalf a request comes. */
export type Principal = Common &
  (
    | { kind: 'anonymous' }
    /** Whoever reaches a server that has no accounts and listens on a loopback address. */
    | { kind: 'local' }
    | { kind: 'user'; userId: number; signInId: number; role: Role | undefined }
    | { kind: 'key'; keyId: number; makerId: number | null }
  );

export const anonymous: Principal = { kind: 'anonymous', workspaceId: undefined, permissions: ['anyone'] };

/**
 * Refuses who may not.
 *
 * @throws RequestError not_signed_in (401), not_allowed (403).
 */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (principal.permissions.includes(permission)) return;
  if (principal.kind === 'anonymous')
    throw new RequestError('not_signed_in', 'Sign in, or send an API key as "Authorization: Bearer …".');
  if (
    principal.kind === 'user' &&
    principal.role === undefined &&
    permission !== 'administer' &&
    permission !== 'inspect'
  )
    throw new RequestError('not_allowed', 'You are in no workspace. Ask an owner of one for an invite.');
  throw new RequestError('not_allowed', refusals[permission]);
}

const refusals: Record<Permission, string> = {
  anyone: 'This is not allowed.',
  account: 'Only who is signed in with an account can do this; an API key can’t.',
  read: 'This needs the right to read: the API key has no scope for it.',
  ask: 'This needs the right to ask: the API key has no scope for it.',
  write:
    'This needs the right to change documents: the role editor or owner, or an API key with the scope write.',
  manage: 'Only owners of the workspace can do this, or an API key of theirs with the scope admin.',
  administer: 'Only administrators of the server can do this.',
  inspect: 'An owner of a workspace must give you access to its chats first.',
};

/** Whose chats a request is about: a key's are those of who made it. Null: nobody's, without an account. */
export function userIdOf(principal: Principal): number | null {
  if (principal.kind === 'user') return principal.userId;
  return principal.kind === 'key' ? principal.makerId : null;
}

/** @throws RequestError not_allowed where there is no workspace, which no route that needs one lets happen. */
export function workspaceOf({ workspaceId }: Principal): number {
  if (workspaceId === undefined) throw new RequestError('not_allowed', 'You are in no workspace.');
  return workspaceId;
}
