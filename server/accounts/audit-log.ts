import type { Db, Trx } from '../database/open-database.ts';
import type { Principal } from './principal.ts';

/** Named `<noun>-<action>`; kept for ever, so none is renamed. */
export type AuditedAction =
  | 'admin-created'
  | 'sign-in-succeeded'
  | 'sign-in-failed'
  | 'sign-out-everywhere'
  | 'password-changed'
  | 'password-reset'
  | 'reset-link-created'
  | 'second-factor-enabled'
  | 'second-factor-disabled'
  | 'identity-linked'
  | 'user-created'
  | 'user-changed'
  | 'invite-created'
  | 'invite-revoked'
  | 'invite-accepted'
  | 'member-changed'
  | 'member-removed'
  | 'workspace-created'
  | 'workspace-renamed'
  | 'key-created'
  | 'key-revoked'
  | 'settings-changed'
  | 'document-deleted'
  | 'document-reprocessed'
  | 'job-retried'
  | 'job-cancelled'
  | 'chat-access-granted'
  | 'chat-access-revoked'
  | 'chats-listed'
  | 'chat-read'
  | 'table-exported';

/** Who did it and from where. */
export type Actor = {
  actor: Principal['kind'] | 'terminal';
  userId?: number | undefined;
  keyId?: number | undefined;
  address?: string | undefined;
};

type Entry = {
  action: AuditedAction;
  workspaceId?: number | undefined;
  /** What it was done to; never a secret. */
  details?: Record<string, unknown>;
};

/** Without what jsonb refuses: the words that somebody searched for are written down as well. */
const storable = (_key: string, value: unknown) =>
  typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;

/** Writes down what was done, in the transaction that does it where there is one. */
export async function audit(db: Db | Trx, by: Actor, entry: Entry): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      actor: by.actor,
      user_id: by.userId ?? null,
      key_id: by.keyId ?? null,
      address: by.address ?? null,
      action: entry.action,
      workspace_id: entry.workspaceId ?? null,
      details: JSON.stringify(entry.details ?? {}, storable),
    })
    .execute();
}

export function actorOf(principal: Principal, address: string): Actor {
  return {
    actor: principal.kind,
    userId: principal.kind === 'user' ? principal.userId : undefined,
    keyId: principal.kind === 'key' ? principal.keyId : undefined,
    address,
  };
}
