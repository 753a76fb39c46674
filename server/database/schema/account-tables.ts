/** The tables of accounts and administration as Kysely's types; what they mean stands in ../migrations/. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Role, Scope } from '../../../contract/accounts/permissions.ts';

type Timestamp = ColumnType<Date, Date | string, Date | string>;
type CreatedAt = ColumnType<Date, never, never>;

export type AccountSchema = {
  users: {
    id: Generated<number>;
    email: string;
    email_verified: Generated<boolean>;
    name: string;
    image: string | null;
    is_admin: Generated<boolean>;
    disabled_at: Timestamp | null;
    two_factor_enabled: Generated<boolean>;
    created_at: CreatedAt;
    updated_at: ColumnType<Date, Date | undefined, Date>;
  };
  user_credentials: {
    id: Generated<number>;
    user_id: number;
    provider_id: string;
    account_id: string;
    password: string | null;
    updated_at: ColumnType<Date, Date | undefined, Date>;
  };
  sign_ins: {
    id: Generated<number>;
    user_id: number;
    token: string;
    workspace_id: number | null;
    expires_at: Timestamp;
    created_at: CreatedAt;
  };
  two_factors: { id: Generated<number>; user_id: number };
  memberships: { workspace_id: number; user_id: number; role: Role; created_at: CreatedAt };
  invites: {
    workspace_id: number;
    id: Generated<number>;
    role: Role;
    email: string | null;
    token_sha256: string;
    created_by: number | null;
    created_at: CreatedAt;
    expires_at: Timestamp;
    used_at: Timestamp | null;
  };
  account_links: {
    id: Generated<number>;
    purpose: 'set_up' | 'reset';
    user_id: number | null;
    token_sha256: string;
    created_at: CreatedAt;
    expires_at: Timestamp;
    used_at: Timestamp | null;
  };
  api_keys: {
    workspace_id: number;
    id: Generated<number>;
    name: string;
    prefix: string;
    secret_sha256: string;
    scopes: Scope[];
    created_by: number | null;
    created_at: CreatedAt;
    expires_at: Timestamp | null;
    last_used_at: Timestamp | null;
    revoked_at: Timestamp | null;
  };
  sign_in_attempts: { subject: string; attempts: number; window_ends_at: Timestamp };
  audit_log: {
    id: Generated<number>;
    at: CreatedAt;
    workspace_id: number | null;
    actor: 'local' | 'user' | 'key' | 'anonymous' | 'terminal';
    user_id: number | null;
    key_id: number | null;
    address: string | null;
    action: string;
    details: JSONColumnType<object, string, never>;
  };
  chat_access: {
    workspace_id: number;
    user_id: number;
    reason: string;
    granted_at: ColumnType<Date, Date | undefined, Date>;
    expires_at: Timestamp;
  };
  settings: {
    name: string;
    value: string;
    changed_at: ColumnType<Date, Date | undefined, Date>;
    changed_by: number | null;
  };
  setting_changes: {
    id: Generated<number>;
    at: CreatedAt;
    name: string;
    old_value: string | null;
    new_value: string | null;
    actor: 'local' | 'user' | 'key' | 'anonymous' | 'terminal';
    user_id: number | null;
    key_id: number | null;
    address: string | null;
  };
};
