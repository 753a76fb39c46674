import { sql, type Transaction } from 'kysely';
import { type Migration, readMigrations } from '../../database/migrations/read-migrations.ts';
import type { Schema } from '../../database/schema.ts';
import { quote } from '../list-tables.ts';
import { RestoreError } from './restore-error.ts';

type Made = { kind: 'TABLE' | 'SEQUENCE' | 'FUNCTION' | 'VIEW' | 'TYPE'; name: string };

/**
 * Drops what migrations have made, by its names: whatever else stands in the same schema stays.
 *
 * @throws RestoreError when a newer Lectern made it, whose tables this one does not know.
 */
export async function dropLectern(trx: Transaction<Schema>): Promise<void> {
  const { rows } = await sql<{
    name: string | null;
  }>`SELECT to_regclass('schema_migrations')::text AS name`.execute(trx);
  if (rows[0]?.name == null) return;
  const migrations = await readMigrations();
  await refuseNewer(trx, migrations);
  for (const { kind, name } of listMade(migrations))
    await sql.raw(`DROP ${kind} IF EXISTS ${quote(name)} CASCADE`).execute(trx);
  await sql.raw('DROP TABLE schema_migrations').execute(trx);
}

async function refuseNewer(trx: Transaction<Schema>, migrations: Migration[]): Promise<void> {
  const { rows } = await sql<{ version: number }>`
    SELECT coalesce(max(version), 0) AS version FROM schema_migrations`.execute(trx);
  const [found, known] = [rows[0]?.version ?? 0, migrations.at(-1)?.version ?? 0];
  if (found > known)
    throw new RestoreError(
      `The database that would be replaced is at version ${found}, this Lectern knows up to ${known}. Restore with the newer Lectern.`,
    );
}

const made =
  /^\s*CREATE (?:OR REPLACE )?(?:UNLOGGED )?(?<kind>TABLE|SEQUENCE|FUNCTION|VIEW|TYPE) (?:IF NOT EXISTS )?(?<name>\w+)/gim;
const renamed = /^\s*ALTER (?<kind>TABLE|SEQUENCE|FUNCTION|VIEW|TYPE) \w+ RENAME TO (?<name>\w+)/gim;

/** Every name that anything ever had. A table in another place takes its own sequences with it. */
function listMade(migrations: Migration[]): Made[] {
  return [made, renamed].flatMap(pattern =>
    migrations.flatMap(({ text }) =>
      [...text.matchAll(pattern)].map(({ groups = {} }) => ({
        kind: groups.kind?.toUpperCase() as Made['kind'],
        name: groups.name ?? '',
      })),
    ),
  );
}
