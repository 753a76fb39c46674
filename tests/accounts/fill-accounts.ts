import { sql } from 'kysely';
import type { Db } from '../../server/database/open-database.ts';

/** A row in each table of accounts, of the workspace where the table has one. */
export async function fillAccounts(db: Db, workspaceId: number): Promise<void> {
  const statements = [
    sql`INSERT INTO users (id, email, name) VALUES (800001, 'filled@example.com', 'Filled')`,
    sql`INSERT INTO user_credentials (user_id, provider_id, account_id) VALUES (800001, 'credential', '800001')`,
    sql`INSERT INTO sign_ins (user_id, token, workspace_id, expires_at)
      VALUES (800001, 'filled', ${workspaceId}, now())`,
    sql`INSERT INTO verifications (identifier, value, expires_at) VALUES ('filled', 'x', now())`,
    sql`INSERT INTO two_factors (user_id, secret, backup_codes) VALUES (800001, 'x', 'x')`,
    sql`INSERT INTO memberships (workspace_id, user_id, role) VALUES (${workspaceId}, 800001, 'reader')`,
    sql`INSERT INTO invites (workspace_id, role, token_sha256, expires_at)
      VALUES (${workspaceId}, 'reader', 'filled', now())`,
    sql`INSERT INTO account_links (purpose, token_sha256, expires_at) VALUES ('set_up', 'filled', now())`,
    sql`INSERT INTO api_keys (workspace_id, name, prefix, secret_sha256, scopes)
      VALUES (${workspaceId}, 'filled', 'x', 'filled', '{read}')`,
    sql`INSERT INTO sign_in_attempts (subject, attempts, window_ends_at) VALUES ('filled', 1, now())`,
    sql`INSERT INTO audit_log (workspace_id, actor, action) VALUES (${workspaceId}, 'local', 'filled')`,
    sql`INSERT INTO chat_access (workspace_id, user_id, reason, expires_at)
      VALUES (${workspaceId}, 800001, 'filled', now())`,
    sql`INSERT INTO settings (name, value) VALUES ('TOP_K', '5')`,
    sql`INSERT INTO setting_changes (name, new_value, actor) VALUES ('TOP_K', '5', 'local')`,
  ];
  for (const statement of statements) await statement.execute(db);
}
