import { type Expression, sql } from 'kysely';
import type { DocumentChange, DocumentScope } from '../../contract/documents.ts';
import { documentsInScope } from '../database/document-scope.ts';
import type { Db, Trx } from '../database/open-database.ts';
import type { DocumentState } from '../database/schema.ts';
import { NotFoundError } from '../errors.ts';
import { refuseUnstorable } from './refuse-unstorable.ts';

export type DocumentFilter = DocumentScope & {
  state?: DocumentState | undefined;
  /** Part of the file name or title, any case. */
  name?: string | undefined;
  sha256?: string | undefined;
  sourcePrefix?: string | undefined;
  /** Documents before this id: the newest come first. */
  before?: number | undefined;
  limit: number;
};

const versionColumns = [
  'version.id as version_id',
  'version.document_id',
  'version.file_id',
  'version.filename',
  'version.media_type',
  'version.byte_size',
  'version.sha256',
  'version.state',
  'version.stage',
  'version.progress',
  'version.error_code',
  'version.error_message',
  'version.notes',
  'version.timings',
  'version.text_length',
  'version.chunk_count',
  'version.passage_count',
  'version.processing_ms',
] as const;

/** A document as it is seen: what people said about it and its current version. */
export type DocumentRow = Awaited<ReturnType<typeof selectDocuments>>[number];
/** The version that is to replace the current one. */
export type NextVersionRow = Awaited<ReturnType<typeof listNextVersions>>[number];

/** Documents that are being deleted have no current version and are not there any more. */
function documentQuery(db: Db, workspaceId: number) {
  return db
    .selectFrom('documents as document')
    .innerJoin('document_versions as version', join =>
      join
        .onRef('version.workspace_id', '=', 'document.workspace_id')
        .onRef('version.document_id', '=', 'document.id')
        .on('version.role', '=', 'current'),
    )
    .select(versionColumns)
    .select([
      'document.id',
      'document.tags',
      'document.source',
      'document.metadata',
      'document.created_at',
      sql<string | null>`coalesce(document.title, version.title)`.as('title'),
      sql<string | null>`coalesce(document.language, version.language)`.as('language'),
      sql<Date>`greatest(document.updated_at, version.updated_at)`.as('updated_at'),
    ])
    .where('document.workspace_id', '=', workspaceId);
}

const selectDocuments = (db: Db, workspaceId: number, condition: Expression<boolean>) =>
  documentQuery(db, workspaceId).where(condition).execute();

export async function findDocument(
  db: Db,
  workspaceId: number,
  id: number,
): Promise<DocumentRow | undefined> {
  return documentQuery(db, workspaceId).where('document.id', '=', id).executeTakeFirst();
}

/** @throws NotFoundError */
export async function getDocument(db: Db, workspaceId: number, id: number): Promise<DocumentRow> {
  const document = await findDocument(db, workspaceId, id);
  if (!document) throw new NotFoundError('document');
  return document;
}

/**
 * Locks the document. First lock of everyone who gives its versions other roles or jobs: a job that came after
 * the others were locked would be waited for by who holds what its worker needs.
 */
export async function lockDocument(trx: Trx, workspaceId: number, id: number): Promise<void> {
  await trx
    .selectFrom('documents')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .forNoKeyUpdate() // New rows may refer to it meanwhile.
    .execute();
}

/** Those of the documents that are there, in no order. */
export function readDocuments(db: Db, workspaceId: number, ids: number[]): Promise<DocumentRow[]> {
  return selectDocuments(db, workspaceId, sql<boolean>`document.id = ANY(${ids}::bigint[])`);
}

/** Newest first. @throws RequestError when the filter holds what no document can. */
export async function listDocuments(
  db: Db,
  workspaceId: number,
  filter: DocumentFilter,
): Promise<DocumentRow[]> {
  refuseUnstorable(filter);
  let query = documentQuery(db, workspaceId).where(documentsInScope(filter));
  if (filter.state) query = query.where('version.state', '=', filter.state);
  if (filter.sha256) query = query.where('version.sha256', '=', filter.sha256);
  if (filter.before) query = query.where('document.id', '<', filter.before);
  if (filter.sourcePrefix)
    // Not LIKE: it is not leakproof, so that row-level security would keep it from the index.
    query = query.where(sql<boolean>`starts_with(document.source, ${filter.sourcePrefix})`);
  if (filter.name)
    query = query.where(
      sql`lower(version.filename || ' ' || coalesce(document.title, version.title, ''))`,
      'like',
      `%${escapeLike(filter.name.toLowerCase())}%`,
    );
  return query.orderBy('document.id', 'desc').limit(filter.limit).execute();
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** The documents on which, or on whose replacement, there is work. */
export async function listUnfinished(db: Db, workspaceId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('document_versions')
    .select('document_id')
    .distinct()
    .where('workspace_id', '=', workspaceId)
    .where('state', 'in', ['queued', 'reading', 'indexing'])
    .orderBy('document_id')
    .execute();
  return rows.map(row => row.document_id);
}

/** The replacements under way (or failed) of these documents. */
export async function listNextVersions(db: Db, workspaceId: number, documentIds: number[]) {
  return db
    .selectFrom('document_versions as version')
    .select(versionColumns)
    .where('version.workspace_id', '=', workspaceId)
    .where('version.role', '=', 'next')
    .where(sql<boolean>`version.document_id = ANY(${documentIds}::bigint[])`)
    .execute();
}

/**
 * Sets what people say about a document; fields that are left out stay as they are.
 *
 * @throws NotFoundError; RequestError when the fields hold what can't be stored
 */
export async function setFields(
  trx: Trx,
  workspaceId: number,
  id: number,
  change: DocumentChange,
): Promise<void> {
  refuseUnstorable(change);
  const { title, tags, source, language, metadata } = change;
  const { numUpdatedRows } = await trx
    .updateTable('documents')
    .set({
      updated_at: new Date(),
      ...(title !== undefined && { title }),
      ...(tags !== undefined && { tags }),
      ...(source !== undefined && { source }),
      ...(language !== undefined && { language }),
      ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where(row =>
      row.exists(
        row
          .selectFrom('document_versions')
          .select('id')
          .where('workspace_id', '=', workspaceId)
          .where('document_id', '=', id)
          .where('role', '=', 'current'),
      ),
    )
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new NotFoundError('document');
}
