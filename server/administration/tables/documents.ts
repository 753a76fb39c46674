import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type {
  documentActions,
  documentFilter,
  documentQuery,
  documentRow,
} from '../../../contract/administration/tables.ts';
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
import type { Matching } from './matching.ts';

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

const currentVersions = sql`documents d
  JOIN document_versions v ON v.document_id = d.id AND v.role = 'current'`;

/** Documents with their current version. Those that are being deleted have none. */
export async function readDocumentTable(
  db: Db,
  workspaceId: number,
  page: PageRequest & Omit<z.output<typeof documentQuery>, keyof PageRequest>,
): Promise<TablePage<Row>> {
  // That of the table whose index has the order.
  const id = page.sort === 'created_at' ? sql`d.id` : sql`v.document_id`;
  const { key, behind, orderBy } = keysetPage(page, sorts, id);
  const where = allOf([behind, matches(workspaceId, page, id)]);
  const query = sql<Found>`
    SELECT d.id, ${key} AS sort_key, coalesce(d.title, v.title) AS title, v.filename, v.media_type, v.byte_size, v.state,
      v.error_code, v.error_message, v.text_length, v.chunk_count AS chunks, v.passage_count AS passages,
      d.tags, d.source, d.created_at, greatest(d.updated_at, v.updated_at) AS updated_at
    FROM ${currentVersions} WHERE ${where} ORDER BY ${orderBy} LIMIT ${page.limit}`;
  return readPage(db, page, query, toRow);
}

function matches(
  workspaceId: number,
  { q, state, ...time }: z.output<typeof documentFilter>,
  id: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return allOf([
    sql`d.workspace_id = ${workspaceId} AND v.workspace_id = ${workspaceId}`,
    q !== undefined && isAmong(id, sql`SELECT documents_with_words(to_tsquery('simple', ${wordsQuery(q)}))`),
    state !== undefined && sql`v.state = ${state}`,
    within(sql`d.created_at`, time),
  ]);
}

const affected = {
  delete: sql`v.state <> 'deleting'`,
  reprocess: sql`v.state = 'ready'`,
  retry: sql`v.state = 'failed'`,
};

export function matchingDocuments(
  workspaceId: number,
  filter: z.output<typeof documentFilter>,
  action: (typeof documentActions)[number] | undefined,
): Matching {
  const id = sql`d.id`;
  const where = allOf([matches(workspaceId, filter, id), action !== undefined && affected[action]]);
  return [{ id, joinedId: sql`v.document_id`, rows: sql`${currentVersions} WHERE ${where}` }];
}

function toRow({ sort_key: _, error_code, error_message, created_at, updated_at, ...row }: Found): Row {
  return {
    ...row,
    error: error_code === null ? null : { code: error_code, message: error_message ?? '' },
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}
