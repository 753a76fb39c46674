/** Documents with passages and vectors, put straight into the tables: what many searches need and no upload gives fast. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../server/database/open-database.ts';
import { toVectorParameter } from '../server/database/vector-parameter.ts';

const ROWS_PER_STATEMENT = 500;

export type VectorDocument = { documentId: number; versionId: number; firstPassageId: number };

type Library = {
  db: Db;
  workspaceId: number;
  modelId: number;
  documents: number;
  passagesPerDocument: number;
  /** Of the n-th passage, of unit length. */
  vectorOf(index: number): Float32Array;
};

/** The passages of the n-th document follow each other, and so do their ids. */
export async function addVectorLibrary(library: Library): Promise<VectorDocument[]> {
  const { db, workspaceId, documents, passagesPerDocument } = library;
  const { rows } = await sql<VectorDocument>`
    WITH document AS (
      INSERT INTO documents (workspace_id) SELECT ${workspaceId} FROM generate_series(1, ${documents}::int)
      RETURNING id
    ), file AS (
      INSERT INTO stored_files (workspace_id, document_id) SELECT ${workspaceId}, id FROM document
      RETURNING id, document_id
    )
    INSERT INTO document_versions (workspace_id, document_id, file_id, role, filename, media_type, byte_size,
      sha256, state, progress, passage_count)
    SELECT ${workspaceId}, document_id, id, 'current', document_id || '.txt', 'text/plain', 1,
      ${randomBytes(8).toString('hex')} || id, 'ready', 1, ${passagesPerDocument}::int FROM file
    RETURNING document_id AS "documentId", id AS "versionId", 0 AS "firstPassageId"`.execute(db);
  const added = rows.toSorted((a, b) => a.versionId - b.versionId);
  const passageIds = await addPassages(library, added);
  for (let first = 0; first < passageIds.length; first += ROWS_PER_STATEMENT)
    await addVectors(library, added, passageIds, first);
  return added.map((document, index) => ({
    ...document,
    firstPassageId: passageIds[index * passagesPerDocument] ?? 0,
  }));
}

async function addPassages(
  { db, workspaceId, passagesPerDocument }: Library,
  documents: VectorDocument[],
): Promise<number[]> {
  const passageIds: number[] = [];
  for (const { versionId } of documents) {
    const { rows } = await sql<{ id: number }>`
      INSERT INTO passages (workspace_id, version_id, ordinal, start_offset, end_offset, context_prefix)
      SELECT ${workspaceId}, ${versionId}, n, n, n + 1, '' FROM generate_series(0, ${passagesPerDocument - 1}::int) AS n
      RETURNING id`.execute(db);
    passageIds.push(...rows.map(({ id }) => id));
  }
  return passageIds;
}

async function addVectors(
  { db, workspaceId, modelId, passagesPerDocument, vectorOf }: Library,
  documents: VectorDocument[],
  passageIds: number[],
  first: number,
): Promise<void> {
  const rows = passageIds.slice(first, first + ROWS_PER_STATEMENT).map((passageId, index) => ({
    workspace_id: workspaceId,
    passage_id: passageId,
    model_id: modelId,
    version_id: documents[Math.floor((first + index) / passagesPerDocument)]?.versionId ?? 0,
    embedding: toVectorParameter(vectorOf(first + index)),
  }));
  await db.insertInto('passage_embeddings').values(rows).execute();
}
