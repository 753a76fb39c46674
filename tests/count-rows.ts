import { sql } from 'kysely';
import type { Db } from '../server/database/open-database.ts';

/** Rows per table, of every table that there is, so that a new one is covered by itself. */
export async function countRows(db: Db): Promise<Record<string, number>> {
  const { rows: tables } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`.execute(db);
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{
      count: number;
    }>`SELECT count(*)::int AS count FROM ${sql.table(name)}`.execute(db);
    counts[name] = rows[0]?.count ?? 0;
  }
  return counts;
}

/**
 * Tables that hold the installation's own rows, which come and go with no document or session. That a
 * document is gone is remembered for a day in document_changes, for those who follow.
 */
const ownTables = [
  'schema_migrations',
  'workspaces',
  'index_versions',
  'embedding_models',
  'document_changes',
  'token_usage',
  'limit_spending',
];

/** The tables that still hold rows of documents or sessions: none, once all of them are deleted. */
export async function countContent(db: Db): Promise<Record<string, number>> {
  const counts = await countRows(db);
  return Object.fromEntries(
    Object.entries(counts).filter(([name, count]) => count > 0 && !ownTables.includes(name)),
  );
}
