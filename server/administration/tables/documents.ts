import { sql } from 'kysely';
import type { z } from 'zod';
import type { documentQuery, documentRow } from '../../../contract/administration/tables.ts';
import type { Db } from '../../database/open-database.ts';
import { allOf, isAmong, within } from './all-of.ts';
import { wordsQuery } from './find-words.ts';
import {
  type Keyed,
  keysetPage,
  type PageRequest,
  readPage,
  type Sort,
  type TablePage,
} from './keyset-page.ts';

type Row = z.output<typeof documentRow>;
type Found = Keyed &
  Omit<Row, 'created_at' | 'updated_at' | 'error'> & {
    created_at: Date;
    updated_at: Date;
    error_code: string | null;
    error_message: string | null;
  };

const sorts: Record<z.output<typeof documentQuery>['sort'], Sort> = {
  created_at: { by: sql`d.created_at`, type: 'timestamptz' },
  filename: { by: sql`v.filename`, type: 'text' },
  byte_size: { by: sql`v.byte_size`, type: 'bigint' },
  passages: { by: sql`v.passage_count`, type: 'bigint' },
};

/** Documents with their current version. Those that are being deleted have none. */
export async function readDocumentTable(
  db: Db,
  workspaceId: number,
  page: PageRequest & Omit<z.output<typeof documentQuery>, keyof PageRequest>,
): Promise<TablePage<Row>> {
  const { q, state } = page;
  // That of the table whose index has the order.
  const id = page.sort === 'created_at' ? sql`d.id` : sql`v.document_id`;
  const { key, behind, orderBy } = keysetPage(page, sorts, id);
  const where = allOf([
    sql`d.workspace_id = ${workspaceId} AND v.workspace_id = ${workspaceId}`,
    behind,
    q !== undefined && isAmong(id, sql`SELECT documents_with_words(to_tsquery('simple', ${wordsQuery(q)}))`),
    state !== undefined && sql`v.state = ${state}`,
    within(sql`d.created_at`, page),
  ]);
  const query = sql<Found>`
    SELECT d.id, ${key} AS sort_key, coalesce(d.title, v.title) AS title, v.filename, v.media_type, v.byte_size, v.state,
      v.error_code, v.error_message, v.text_length, v.chunk_count AS chunks, v.passage_count AS passages,
      d.tags, d.source, d.created_at, greatest(d.updated_at, v.updated_at) AS updated_at
    FROM documents d JOIN document_versions v ON v.document_id = d.id AND v.role = 'current'
    WHERE ${where} ORDER BY ${orderBy} LIMIT ${page.limit}`;
  return readPage(db, page, query, toRow);
}

function toRow({ sort_key: _, error_code, error_message, created_at, updated_at, ...row }: Found): Row {
  return {
    ...row,
    error: error_code === null ? null : { code: error_code, message: error_message ?? '' },
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}
