import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { listTables, quote } from '../list-tables.ts';

export type DatabaseContent =
  /** Nothing at all, or what a first start makes. */
  | 'empty'
  | 'documents or chats'
  /** Tables, and none of them says that they are Lectern's. */
  | 'tables of another program';

/** A first start fills these with a row each. */
const SEEDED = ['workspaces', 'index_versions'];

export async function findContent(db: Kysely<Schema>): Promise<DatabaseContent> {
  const tables = await listTables(db);
  if (!(await isLectern(db))) return tables.length === 0 ? 'empty' : 'tables of another program';
  for (const { name } of tables) {
    const allowed = SEEDED.includes(name) ? 1 : 0;
    const { rows } = await sql.raw(`SELECT FROM ${quote(name)} LIMIT ${allowed + 1}`).execute(db);
    if (rows.length > allowed) return 'documents or chats';
  }
  return 'empty';
}

async function isLectern(db: Kysely<Schema>): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    SELECT to_regclass('schema_migrations') IS NOT NULL AS there`.execute(db);
  return rows[0]?.there === true;
}
