import { type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';

export type Table = {
  name: string;
  columns: string[];
  /** SQL that rows are ordered by, the same on every server. */
  order: string;
};

/**
 * Not copied as rows: a restore writes the first while it builds the tables; what was spent of limits is over within a
 * day; the others hold what signs people in, who sign in again. Everything else is taken along by itself.
 */
export const tablesNotCopied: readonly string[] = [
  'schema_migrations',
  'limit_spending',
  'sign_in_attempts',
  'sign_ins',
  'verifications',
];

type Row = { name: string; columns: string[]; key: string[]; texts: string[] };

/** All tables of the schema that hold Lectern's data, from PostgreSQL's own catalogue, by name. */
export async function listTables(db: Kysely<Schema>): Promise<Table[]> {
  const { rows } = await sql<Row>`
    SELECT relname AS name,
      array_agg(attname::text ORDER BY attnum) AS columns,
      coalesce(array_agg(attname::text ORDER BY array_position(indkey::int2[], attnum))
        FILTER (WHERE attnum = ANY (indkey::int2[])), '{}') AS key,
      coalesce(array_agg(attname::text) FILTER (WHERE attcollation <> 0), '{}') AS texts
    FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_index ON indrelid = pg_class.oid AND indisprimary
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
      AND relname <> ALL (${[...tablesNotCopied]})
    GROUP BY relname ORDER BY relname COLLATE "C"`.execute(db);
  return rows.map(({ name, columns, key, texts }) => ({
    name,
    columns,
    order:
      key.length === 0
        ? 'row_text COLLATE "C"'
        : key.map(column => `one.${quote(column)}${texts.includes(column) ? ' COLLATE "C"' : ''}`).join(', '),
  }));
}

/** As an identifier of SQL. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
