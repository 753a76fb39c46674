import { type Selectable, sql } from 'kysely';
import type { Db, Trx } from '../database/open-database.ts';
import type { DocumentState, Schema } from '../database/schema.ts';
import { NotFoundError } from '../errors.ts';

export type DocumentRow = Selectable<Schema['documents']>;

export type DocumentFilter = {
  state?: DocumentState | undefined;
  /** Part of the file name, any case. */
  name?: string | undefined;
  sha256?: string | undefined;
  /** Documents before this id: the newest come first. */
  before?: number | undefined;
  limit: number;
};

export type DeletionReceipt = {
  documentId: number;
  deleted: { chunks: number; passages: number; embeddings: number; fileBytes: number };
  /** Rows that still refer to the document: always 0. */
  remaining: number;
};

export async function findDocument(
  db: Db,
  workspaceId: number,
  id: number,
): Promise<DocumentRow | undefined> {
  return db
    .selectFrom('documents')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** @throws NotFoundError */
export async function getDocument(db: Db, workspaceId: number, id: number): Promise<DocumentRow> {
  const document = await findDocument(db, workspaceId, id);
  if (!document) throw new NotFoundError('document');
  return document;
}

/** Newest first. */
export async function listDocuments(
  db: Db,
  workspaceId: number,
  filter: DocumentFilter,
): Promise<DocumentRow[]> {
  let query = db.selectFrom('documents').selectAll().where('workspace_id', '=', workspaceId);
  if (filter.state) query = query.where('state', '=', filter.state);
  if (filter.sha256) query = query.where('sha256', '=', filter.sha256);
  if (filter.before) query = query.where('id', '<', filter.before);
  if (filter.name)
    query = query.where(sql`lower(filename)`, 'like', `%${escapeLike(filter.name.toLowerCase())}%`);
  return query.orderBy('id', 'desc').limit(filter.limit).execute();
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/**
 * Removes the document and all that came of it, and counts it. Running work on it ends by itself: its
 * next save finds the job gone.
 *
 * @throws NotFoundError
 */
export async function deleteDocument(db: Db, workspaceId: number, id: number): Promise<DeletionReceipt> {
  return db.transaction().execute(async trx => {
    const document = await trx
      .selectFrom('documents')
      .select('byte_size')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!document) throw new NotFoundError('document');
    const before = await countParts(trx, workspaceId, id);
    await trx.deleteFrom('documents').where('workspace_id', '=', workspaceId).where('id', '=', id).execute();
    await bumpIndexVersion(trx, workspaceId);
    const after = await countParts(trx, workspaceId, id);
    return {
      documentId: id,
      deleted: {
        chunks: before.chunks,
        passages: before.passages,
        embeddings: before.embeddings,
        fileBytes: before.file_bytes,
      },
      remaining: Object.values(after).reduce((sum, count) => sum + count, 0),
    };
  });
}

type PartCounts = {
  chunks: number;
  passages: number;
  embeddings: number;
  file_bytes: number;
  texts: number;
  jobs: number;
};

async function countParts(trx: Trx, workspaceId: number, id: number): Promise<PartCounts> {
  const own = sql`workspace_id = ${workspaceId} AND document_id = ${id}`;
  const { rows } = await sql<PartCounts>`SELECT
    (SELECT count(*) FROM chunks WHERE ${own}) AS chunks,
    (SELECT count(*) FROM passages WHERE ${own}) AS passages,
    (SELECT count(*) FROM passage_embeddings WHERE workspace_id = ${workspaceId} AND passage_id IN
      (SELECT id FROM passages WHERE ${own})) AS embeddings,
    (SELECT coalesce(sum(length(content)), 0) FROM document_files WHERE ${own}) AS file_bytes,
    (SELECT count(*) FROM document_texts WHERE ${own}) AS texts,
    (SELECT count(*) FROM ingestion_jobs WHERE ${own}) AS jobs`.execute(trx);
  const [counts] = rows;
  if (!counts) throw new Error('counting gave no row');
  return counts;
}

/** To be called in every transaction that changes what a search finds: cached results end with it. */
export async function bumpIndexVersion(trx: Trx, workspaceId: number): Promise<void> {
  await trx
    .updateTable('index_versions')
    .set(row => ({ version: row('version', '+', 1) }))
    .where('workspace_id', '=', workspaceId)
    .execute();
}
