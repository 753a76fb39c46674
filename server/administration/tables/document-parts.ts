import { sql } from 'kysely';
import type { z } from 'zod';
import type { chunkRow, passageRow } from '../../../contract/administration/tables.ts';
import { readTextRanges } from '../../database/document-text.ts';
import type { Db } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';
import { type Keyed, keysetPage, type PageRequest, readPage, type TablePage } from './keyset-page.ts';

type ChunkRow = z.output<typeof chunkRow>;
type PassageRow = z.output<typeof passageRow>;
type WithoutText<Row> = Keyed & Omit<Row, 'text'>;

// By what the indexes are sorted.
const chunkSorts = { id: { by: sql`part.start_offset`, type: 'bigint' as const } };
const passageSorts = { id: { by: sql`part.ordinal`, type: 'bigint' as const } };

/** The chunks of a document's current version. @throws NotFoundError */
export async function readChunks(
  db: Db,
  workspaceId: number,
  documentId: number,
  page: PageRequest,
): Promise<TablePage<ChunkRow>> {
  const versionId = await currentVersion(db, workspaceId, documentId);
  const { key, behind, orderBy } = keysetPage(page, chunkSorts, sql`part.id`);
  const query = sql<WithoutText<ChunkRow>>`
    SELECT part.id, ${key} AS sort_key, part.ordinal, part.start_offset AS start, part.end_offset AS end,
      part.token_count AS tokens
    FROM chunks part WHERE part.workspace_id = ${workspaceId} AND part.version_id = ${versionId} AND ${behind}
    ORDER BY ${orderBy} LIMIT ${page.limit}`;
  return withTexts(db, { workspaceId, versionId }, await readPage(db, page, query, withoutKey));
}

/** The passages of a document's current version: what is searched. @throws NotFoundError */
export async function readPassages(
  db: Db,
  workspaceId: number,
  documentId: number,
  page: PageRequest,
): Promise<TablePage<PassageRow>> {
  const versionId = await currentVersion(db, workspaceId, documentId);
  const { key, behind, orderBy } = keysetPage(page, passageSorts, sql`part.id`);
  const query = sql<WithoutText<PassageRow>>`
    SELECT part.id, ${key} AS sort_key, part.ordinal, part.start_offset AS start, part.end_offset AS end, part.page,
      part.headings, EXISTS (SELECT FROM passage_embeddings e
        WHERE e.workspace_id = ${workspaceId} AND e.passage_id = part.id) AS embedded
    FROM passages part WHERE part.workspace_id = ${workspaceId} AND part.version_id = ${versionId} AND ${behind}
    ORDER BY ${orderBy} LIMIT ${page.limit}`;
  return withTexts(db, { workspaceId, versionId }, await readPage(db, page, query, withoutKey));
}

const withoutKey = <Found extends Keyed>({ sort_key: _, ...row }: Found) => row;

async function withTexts<Part extends { start: number; end: number }>(
  db: Db,
  { workspaceId, versionId }: { workspaceId: number; versionId: number },
  { items, next_cursor }: TablePage<Part>,
) {
  const ranges = items.map(({ start, end }) => ({ versionId, start, end }));
  const texts = await readTextRanges(db, workspaceId, ranges);
  return {
    items: items.map((item, index) => ({ ...item, text: texts[index]?.toWellFormed() ?? '' })),
    next_cursor,
  };
}

async function currentVersion(db: Db, workspaceId: number, documentId: number): Promise<number> {
  const version = await db
    .selectFrom('document_versions')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('document_id', '=', documentId)
    .where('role', '=', 'current')
    .executeTakeFirst();
  if (!version) throw new NotFoundError('document');
  return version.id;
}
