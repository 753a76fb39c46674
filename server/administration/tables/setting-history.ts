import { sql } from 'kysely';
import type { z } from 'zod';
import type { settingHistoryQuery, settingHistoryRow } from '../../../contract/administration/settings.ts';
import type { Db } from '../../database/open-database.ts';
import { allOf, within } from './all-of.ts';
import { type Keyed, keysetPage, type PageRequest, readPage, type TablePage } from './keyset-page.ts';
import { findUserIds, isOneOf } from './named-rows.ts';
import { readEmails } from './user-emails.ts';

type Row = z.output<typeof settingHistoryRow>;
type Found = Keyed & Omit<Row, 'at' | 'user'> & { at: Date; user_id: number | null };

const id = sql`c.id`;
const sorts = { id: { by: id, type: 'bigint' as const } };

/** Who changed which setting, and to what. */
export async function readSettingHistory(
  db: Db,
  page: PageRequest & Omit<z.output<typeof settingHistoryQuery>, keyof PageRequest>,
): Promise<TablePage<Row>> {
  const { key, behind, orderBy } = keysetPage(page, sorts, id);
  const { name, user } = page;
  const where = allOf([
    behind,
    name !== undefined && sql`c.name = ${name}`,
    isOneOf(sql`c.user_id`, await findUserIds(db, 'user', user)),
    within(sql`c.at`, page),
  ]);
  const query = sql<Found>`
    SELECT c.id, ${key} AS sort_key, c.at, c.name, c.old_value, c.new_value, c.actor, c.user_id, c.key_id, c.address
    FROM setting_changes c WHERE ${where} ORDER BY ${orderBy} LIMIT ${page.limit}`;
  const found = await readPage(db, page, query, row => row);
  const emails = await readEmails(
    db,
    found.items.map(row => row.user_id),
  );
  return {
    items: found.items.map(({ sort_key: _, at, user_id: userId, ...row }) => ({
      ...row,
      at: at.toISOString(),
      user: userId === null ? null : { id: userId, email: emails.get(userId) ?? null },
    })),
    next_cursor: found.next_cursor,
  };
}
