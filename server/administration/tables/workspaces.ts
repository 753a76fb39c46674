import { sql } from 'kysely';
import type { z } from 'zod';
import type { workspaceQuery, workspaceRow } from '../../../contract/administration/tables.ts';
import type { Db } from '../../database/open-database.ts';
import { allOf, isAmong } from './all-of.ts';
import { wordsQuery } from './find-words.ts';
import {
  type Keyed,
  keysetPage,
  type PageRequest,
  readPage,
  type Sort,
  type TablePage,
} from './keyset-page.ts';

type Row = z.output<typeof workspaceRow>;
type Found = Keyed & Omit<Row, 'created_at'> & { created_at: Date };

const id = sql`w.id`;
const sorts: Record<z.output<typeof workspaceQuery>['sort'], Sort> = {
  created_at: { by: id, type: 'bigint' },
  name: { by: sql`w.name`, type: 'text' },
};

/** Of the whole database; counts what is in those of the page only. */
export async function readWorkspaces(
  db: Db,
  page: PageRequest & Pick<z.output<typeof workspaceQuery>, 'q'>,
): Promise<TablePage<Row>> {
  const { q } = page;
  const { key, behind, orderBy } = keysetPage(page, sorts, id);
  const where = allOf([
    behind,
    q !== undefined &&
      isAmong(
        id,
        sql`SELECT id FROM workspaces WHERE words_of(name) @@ to_tsquery('simple', ${wordsQuery(q)})`,
      ),
  ]);
  const query = sql<Found>`
    SELECT page.*,
      (SELECT count(*)::int FROM memberships WHERE workspace_id = page.id) AS members,
      (SELECT count(*)::int FROM document_versions WHERE workspace_id = page.id AND role = 'current') AS documents,
      (SELECT count(*)::int FROM sessions WHERE workspace_id = page.id) AS sessions,
      (SELECT count(*)::int FROM api_keys WHERE workspace_id = page.id AND revoked_at IS NULL) AS keys
    FROM (
      SELECT w.id, ${key} AS sort_key, w.name, w.created_at
      FROM workspaces w WHERE ${where} ORDER BY ${orderBy} LIMIT ${page.limit}
    ) AS page`;
  return readPage(db, page, query, ({ sort_key: _, created_at, ...row }) => ({
    ...row,
    created_at: created_at.toISOString(),
  }));
}
