import { isDeepStrictEqual } from 'node:util';
import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { listTables, quote, type Table } from '../list-tables.ts';
import type { BackupContent } from '../read-backup.ts';
import { readTables } from '../read-backup.ts';
import { readRows, TableSummer } from '../read-rows.ts';
import { RestoreError } from './restore-error.ts';

type OnRows = (rows: number) => void;

/**
 * Fills tables that are as they were when the backup was made, to the letter: no trigger adds anything. Foreign keys
 * are checked once, at the end.
 *
 * @throws RestoreError when the tables are others, or hold in the end something else than the backup.
 */
export async function loadTables(
  trx: Transaction<Schema>,
  path: string,
  { header, manifest }: BackupContent,
  onRows: OnRows,
): Promise<void> {
  const tables = await listTables(trx);
  refuseOtherTables(tables, header.tables);
  const names = tables.map(({ name }) => quote(name));
  const foreignKeys = await listForeignKeys(trx);
  for (const { table, name } of foreignKeys)
    await sql.raw(`ALTER TABLE ${table} DROP CONSTRAINT ${quote(name)}`).execute(trx);
  // Not before: tables that are not copied may refer to these.
  await sql.raw(`TRUNCATE ${names.join(', ')}`).execute(trx);
  for (const name of names) await sql.raw(`ALTER TABLE ${name} DISABLE TRIGGER USER`).execute(trx);
  for await (const { table, rows } of readTables(path)) {
    await insertRows(trx, table, rows);
    onRows(rows.length);
  }
  for (const name of names) await sql.raw(`ALTER TABLE ${name} ENABLE TRIGGER USER`).execute(trx);
  for (const { table, name, definition } of foreignKeys)
    await sql.raw(`ALTER TABLE ${table} ADD CONSTRAINT ${quote(name)} ${definition}`).execute(trx);
  for (const { name, last_value: last, is_called: isCalled } of manifest.sequences)
    await sql`SELECT setval(${quote(name)}::regclass, ${last}, ${isCalled})`.execute(trx);
  await compareSums(trx, tables, manifest);
}

function refuseOtherTables(found: Table[], wanted: { name: string; columns: string[] }[]): void {
  const shapes = found.map(({ name, columns }) => ({ name, columns }));
  if (isDeepStrictEqual(shapes, wanted)) return;
  throw new RestoreError(
    'The backup has other tables than this Lectern makes for its version. Nothing was changed.',
  );
}

type ForeignKey = { table: string; name: string; definition: string };

async function listForeignKeys(trx: Transaction<Schema>): Promise<ForeignKey[]> {
  const { rows } = await sql<ForeignKey>`
    SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
    ORDER BY conname`.execute(trx);
  return rows;
}

/** OFFSET 0 keeps PostgreSQL from reading every row's text once for each of its columns. */
async function insertRows(trx: Transaction<Schema>, table: string, rows: string[]): Promise<void> {
  const name = sql.raw(quote(table));
  await sql`INSERT INTO ${name} SELECT (one).* FROM
    (SELECT row_text::${name} AS one FROM unnest(${rows}::text[]) AS row_text OFFSET 0) AS rows`.execute(trx);
}

async function compareSums(
  trx: Transaction<Schema>,
  tables: Table[],
  { tables: wanted }: BackupContent['manifest'],
): Promise<void> {
  for (const table of tables) {
    const summer = new TableSummer(table.name);
    for await (const rows of readRows(trx, table)) for (const row of rows) summer.add(row);
    const sum = summer.sum();
    if (!wanted.some(one => isDeepStrictEqual(one, sum)))
      throw new RestoreError(
        `The table ${table.name} is not what the backup holds after restoring. Nothing was changed.`,
      );
  }
}
