import { type Kysely, sql, type Transaction } from 'kysely';
import { StartError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { checkServer } from './check-server.ts';
import { isolateWorkspaces } from './isolation/row-security.ts';
import { type Migration, readMigrations } from './migrations/read-migrations.ts';
import type { Schema } from './schema.ts';

/** Any number, the same in every process: one migrates at a time. */
const MIGRATION_LOCK = 6_270_113;

/**
 * Applies the numbered SQL files that the database has not seen, all in one transaction, forward only.
 *
 * @returns the names of the files applied now.
 * @throws StartError when the server can't be used or its tables come from a newer Lectern.
 */
export async function migrate(db: Kysely<Schema>, logger: Logger): Promise<string[]> {
  await checkServer(db);
  const applied = await db.transaction().execute(async trx => {
    const names = await applyMigrations(trx);
    // Also where nothing was left to do: a copy on another server lacks the role.
    await isolateWorkspaces(trx);
    return names;
  });
  if (applied.length > 0) logger.info({ migrations: applied }, 'database migrated');
  return applied;
}

/**
 * The same within a transaction of the caller's, up to a version if that is given.
 *
 * @throws StartError when the tables come from a newer Lectern.
 */
export async function applyMigrations(
  trx: Transaction<Schema>,
  upTo = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const migrations = await readMigrations();
  await sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(trx);
  await sql`CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now())`.execute(trx);
  const known = await sql<{ version: number; sha256: string }>`
    SELECT version, sha256 FROM schema_migrations`.execute(trx);
  const pending = findPending(migrations, known.rows).filter(({ version }) => version <= upTo);
  for (const migration of pending) {
    await sql.raw(migration.text).execute(trx);
    await sql`INSERT INTO schema_migrations (version, name, sha256)
      VALUES (${migration.version}, ${migration.name}, ${migration.sha256})`.execute(trx);
  }
  return pending.map(migration => migration.name);
}

function findPending(migrations: Migration[], known: { version: number; sha256: string }[]): Migration[] {
  const applied = new Map(known.map(row => [row.version, row.sha256]));
  const newest = migrations.at(-1)?.version ?? 0;
  const beyond = known.find(row => row.version > newest);
  if (beyond)
    throw new StartError(
      `The database is at version ${beyond.version}, this Lectern knows up to ${newest}. Start the newer Lectern again.`,
    );
  const changed = migrations.find(
    ({ version, sha256 }) => applied.has(version) && applied.get(version) !== sha256,
  );
  if (changed)
    throw new StartError(
      `The migration ${changed.name} was changed after it had been applied to this database.`,
    );
  return migrations.filter(({ version }) => !applied.has(version));
}
