import { sql } from 'kysely';
import type { Db, Trx } from '../../database/open-database.ts';

/** Who changed it and from where; as the audit log has it. */
type ChangedBy = {
  actor: 'local' | 'user' | 'key' | 'anonymous' | 'terminal';
  userId?: number | undefined;
  keyId?: number | undefined;
  address?: string | undefined;
};

export type StoredSetting = { name: string; value: string; changed_at: Date; changed_by: number | null };

export type StoredSettings = {
  settings: StoredSetting[];
  /** Rises with every change; 0 before the first. */
  revision: number;
};

/** Null goes back to the environment's value. */
export type SettingChange = { name: string; oldValue: string | null; newValue: string | null };

/** One who changes settings at a time: what was looked at is what is changed. */
export async function lockSettings(trx: Trx): Promise<void> {
  await sql`LOCK TABLE settings IN SHARE ROW EXCLUSIVE MODE`.execute(trx);
}

export async function readSettings(db: Db | Trx): Promise<StoredSettings> {
  // Before the settings: what is changed meanwhile has a higher revision, and is read again.
  const revision = await readRevision(db);
  const settings = await db.selectFrom('settings').selectAll().orderBy('name').execute();
  return { settings, revision };
}

export async function readRevision(db: Db | Trx): Promise<number> {
  const { rows } = await sql<{ revision: number }>`/* prepared: settings-revision */
    SELECT coalesce(max(id), 0)::bigint AS revision FROM setting_changes`.execute(db);
  return rows[0]?.revision ?? 0;
}

/** Saves the changes with their history. To be called with the settings locked. */
export async function saveSettings(trx: Trx, changes: SettingChange[], by: ChangedBy): Promise<void> {
  for (const { name, oldValue, newValue } of changes) {
    await trx
      .insertInto('setting_changes')
      .values({
        name,
        old_value: oldValue,
        new_value: newValue,
        actor: by.actor,
        user_id: by.userId ?? null,
        key_id: by.keyId ?? null,
        address: by.address ?? null,
      })
      .execute();
    if (newValue === null) {
      await trx.deleteFrom('settings').where('name', '=', name).execute();
      continue;
    }
    const row = { value: newValue, changed_at: new Date(), changed_by: by.userId ?? null };
    await trx
      .insertInto('settings')
      .values({ name, ...row })
      .onConflict(conflict => conflict.column('name').doUpdateSet(row))
      .execute();
  }
}
