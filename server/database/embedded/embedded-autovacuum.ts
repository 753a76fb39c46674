import { sql } from 'kysely';
import type { Logger } from '../../logger.ts';
import type { Db } from '../open-database.ts';

const INTERVAL_MS = 60_000;

/**
 * What the autovacuum daemon does for a native server and nobody does for the embedded one: without
 * statistics the planner takes every table for tiny, and without vacuum deleted rows stay for ever.
 * Thresholds are PostgreSQL's defaults (50 rows + 20 % dead, 50 rows + 10 %
 * changed); the counts do not outlive the process, so a table that never had its turn gets it too.
 *
 * @returns a function that ends it.
 */
export function startEmbeddedAutovacuum(db: Db, logger: Logger): () => Promise<unknown> {
  let round: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    round = round
      .then(() => vacuumChangedTables(db))
      .catch(error => logger.warn({ err: error }, 'the embedded database could not be vacuumed'));
  }, INTERVAL_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return round;
  };
}

/** One table at a time, so that queries get their turn in between. Returns the tables done. */
export async function vacuumChangedTables(db: Db): Promise<string[]> {
  // A single session reports its counts only when told to.
  await sql`SELECT pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ name: string }>`
    SELECT quote_ident(stat.relname) AS name
    FROM pg_stat_user_tables AS stat JOIN pg_class ON pg_class.oid = stat.relid
    WHERE reltuples < 0 OR n_dead_tup > 50 + 0.2 * n_live_tup OR n_mod_since_analyze > 50 + 0.1 * n_live_tup`.execute(
    db,
  );
  for (const { name } of rows) await sql`VACUUM (ANALYZE) ${sql.raw(name)}`.execute(db);
  return rows.map(({ name }) => name);
}
