import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { TableSum } from './backup-format.ts';
import { quote, type Table } from './list-tables.ts';

/** Characters of one fetch: what a backup holds in memory. */
const BATCH_CHARACTERS = 1_000_000;
const MOST_ROWS = 5_000;

/**
 * Every value is written the same way by every PostgreSQL, whatever its settings say. Has to run in the
 * transaction that reads or writes rows as texts.
 */
export async function fixTextForms(db: Kysely<Schema>): Promise<void> {
  await sql`SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, MDY', true),
    set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true),
    set_config('extra_float_digits', '1', true)`.execute(db);
}

/**
 * All rows of a table as PostgreSQL writes a row (`(1,"a b",)`), in batches, ordered.
 * Needs a transaction, with `fixTextForms`; one table at a time.
 */
export async function* readRows(db: Kysely<Schema>, { name, order }: Table): AsyncGenerator<string[]> {
  await sql
    .raw(
      `DECLARE backup_rows NO SCROLL CURSOR FOR
       SELECT row_text FROM ${quote(name)} AS one, LATERAL (SELECT one::text AS row_text) AS written ORDER BY ${order}`,
    )
    .execute(db);
  for (let wanted = 1; ; ) {
    const { rows } = await sql.raw<{ row_text: string }>(`FETCH ${wanted} FROM backup_rows`).execute(db);
    if (rows.length === 0) break;
    yield rows.map(row => row.row_text);
    const characters = rows.reduce((sum, row) => sum + row.row_text.length, 0);
    // Rows of one table are much alike, but nothing says that they are: not much more than the time before.
    const fitting = Math.floor((BATCH_CHARACTERS * rows.length) / Math.max(1, characters));
    wanted = Math.max(1, Math.min(MOST_ROWS, 4 * wanted, fitting));
  }
  await sql.raw('CLOSE backup_rows').execute(db);
}

/** Adds up rows to what the manifest says of a table. */
export class TableSummer {
  readonly #name: string;
  readonly #hash = createHash('sha256');
  #rows = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(row: string): void {
    this.#rows += 1;
    this.#hash.update(row).update('\n');
  }

  /** Once, at the end. */
  sum(): TableSum {
    return { name: this.#name, rows: this.#rows, sha256: this.#hash.digest('hex') };
  }
}
