import { sql } from 'kysely';
import type { Db, Trx } from '../database/open-database.ts';
import { bumpIndexVersion, recordChange } from './document-changes.ts';
import { lockVersions } from './replace-document.ts';
import { purgeVersion, retireVersion } from './retire-version.ts';

export type DeletionReceipt = {
  documentId: number;
  deleted: { chunks: number; passages: number; embeddings: number; fileBytes: number };
  /** Rows that still refer to the document: always 0. */
  remaining: number;
};

/**
 * Takes the document out of every search at once, then removes all that came of it, a little at a time, and
 * counts it. Running work on it ends by itself: its next save finds the job gone. Should the process end in
 * between, the next one goes on.
 *
 * @throws NotFoundError
 */
export async function deleteDocument(db: Db, workspaceId: number, id: number): Promise<DeletionReceipt> {
  const { versionIds, before } = await db.transaction().execute(async trx => {
    await lockVersions(trx, workspaceId, id);
    const versions = await trx
      .selectFrom('document_versions')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('document_id', '=', id)
      .execute();
    for (const version of versions) await retireVersion(trx, workspaceId, version.id);
    const versionIds = versions.map(version => version.id);
    const before = await countParts(trx, workspaceId, id, versionIds);
    await bumpIndexVersion(trx, workspaceId);
    await recordChange(trx, workspaceId, id, { deleted: true });
    return { versionIds, before };
  });
  for (const versionId of versionIds) await purgeVersion(db, workspaceId, versionId);
  const after = await countParts(db, workspaceId, id, versionIds);
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
}

type PartCounts = {
  documents: number;
  versions: number;
  chunks: number;
  passages: number;
  embeddings: number;
  file_bytes: number;
  file_parts: number;
  texts: number;
  outlines: number;
  lexical_rows: number;
  jobs: number;
};

async function countParts(
  db: Db | Trx,
  workspaceId: number,
  id: number,
  versionIds: number[],
): Promise<PartCounts> {
  const ofVersions = sql`workspace_id = ${workspaceId} AND version_id = ANY(${versionIds}::bigint[])`;
  const files = sql`(SELECT id FROM stored_files WHERE workspace_id = ${workspaceId} AND document_id = ${id})`;
  const { rows } = await sql<PartCounts>`SELECT
    (SELECT count(*) FROM documents WHERE workspace_id = ${workspaceId} AND id = ${id}) AS documents,
    (SELECT count(*) FROM document_versions WHERE workspace_id = ${workspaceId} AND document_id = ${id}) AS versions,
    (SELECT count(*) FROM chunks WHERE ${ofVersions}) AS chunks,
    (SELECT count(*) FROM passages WHERE ${ofVersions}) AS passages,
    (SELECT count(*) FROM passage_embeddings WHERE workspace_id = ${workspaceId} AND passage_id IN
      (SELECT id FROM passages WHERE ${ofVersions})) AS embeddings,
    (SELECT coalesce(sum(byte_size), 0)::bigint FROM stored_files
      WHERE workspace_id = ${workspaceId} AND document_id = ${id}) AS file_bytes,
    (SELECT count(*) FROM file_parts WHERE workspace_id = ${workspaceId} AND file_id IN ${files}) AS file_parts,
    (SELECT count(*) FROM document_texts WHERE ${ofVersions}) AS texts,
    (SELECT count(*) FROM document_outlines WHERE ${ofVersions}) AS outlines,
    (SELECT count(*) FROM lexical_documents WHERE ${ofVersions})
      + (SELECT count(*) FROM lexical_runs WHERE ${ofVersions}) AS lexical_rows,
    (SELECT count(*) FROM ingestion_jobs WHERE ${ofVersions}) AS jobs`.execute(db);
  const [counts] = rows;
  if (!counts) throw new Error('counting gave no row');
  return counts;
}
