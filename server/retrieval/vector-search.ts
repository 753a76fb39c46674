import { sql } from 'kysely';
import type { DocumentScope } from '../../contract/documents.ts';
import { documentsInScope } from '../database/document-scope.ts';
import type { Db } from '../database/open-database.ts';
import { toVectorParameter } from '../database/vector-parameter.ts';

export type VectorSearch = {
  workspaceId: number;
  modelId: number;
  /** Unit length. */
  vector: Float32Array;
  limit: number;
  /** Only these documents; all when undefined. */
  documentIds: number[] | undefined;
  /** Only documents in this scope. */
  scope: DocumentScope;
};

/** A passage that was found, with the chunk that holds most of it. */
export type PassageHit = {
  passageId: number;
  documentId: number;
  /** The version of the document that was searched. */
  versionId: number;
  filename: string;
  /** The document's, or its file's own. */
  title: string | null;
  /** From the highest level to the nearest. */
  headings: string[];
  /** Null when the format has none. */
  page: number | null;
  start: number;
  end: number;
  /** Cosine, −1 to 1. */
  similarity: number;
  chunk: { id: number; start: number; end: number; tokenCount: number };
};

/** Chunks that a passage can overlap, also with a small CHUNK_SIZE. */
const MOST_CHUNKS_OF_A_PASSAGE = 8;

/**
 * The passages nearest to the vector, nearest first, by an exact scan of the workspace. Vectors have unit
 * length, so the inner product is the cosine; pgvector's <#> gives it negated, for ascending order.
 *
 * The scan touches one table only, whatever statistics the planner has (the embedded database gathers none
 * by itself): versions that are not to be found are left out by id. Few of those have embeddings, the
 * ones being ingested or removed now.
 */
export async function searchByVector(db: Db, search: VectorSearch): Promise<PassageHit[]> {
  const vector = sql`${toVectorParameter(search.vector)}::vector`;
  const { rows } = await sql<HitRow>`
    WITH nearest AS MATERIALIZED (
      SELECT passage_id, -(embedding <#> ${vector}) AS similarity
      FROM passage_embeddings
      WHERE workspace_id = ${search.workspaceId} AND model_id = ${search.modelId}
        AND ${inScope(search)}
      ORDER BY embedding <#> ${vector}, passage_id
      LIMIT ${search.limit}
    )
    SELECT passage.id, version.document_id, version.id AS version_id, passage.start_offset, passage.end_offset,
      version.filename, coalesce(document.title, version.title) AS title, passage.headings, passage.page,
      nearest.similarity, chunk.id AS chunk_id, chunk.start_offset AS chunk_start, chunk.end_offset AS chunk_end,
      chunk.token_count
    FROM nearest
    JOIN passages AS passage ON passage.workspace_id = ${search.workspaceId} AND passage.id = nearest.passage_id
    JOIN document_versions AS version ON version.workspace_id = ${search.workspaceId} AND version.id = passage.version_id
    JOIN documents AS document ON document.workspace_id = ${search.workspaceId} AND document.id = version.document_id
    CROSS JOIN LATERAL (
      SELECT * FROM (
        SELECT id, start_offset, end_offset, token_count FROM chunks
        WHERE workspace_id = ${search.workspaceId} AND version_id = passage.version_id
          AND start_offset < passage.end_offset
        ORDER BY start_offset DESC LIMIT ${MOST_CHUNKS_OF_A_PASSAGE}
      ) AS near
      WHERE near.end_offset > passage.start_offset
      ORDER BY least(near.end_offset, passage.end_offset) - greatest(near.start_offset, passage.start_offset) DESC,
        near.start_offset
      LIMIT 1
    ) AS chunk
    ORDER BY nearest.similarity DESC, passage.id`.execute(db);
  return rows.map(toHit);
}

/** The versions that may be found: all but the few that are not published, or those of the documents asked for. */
function inScope({ workspaceId, documentIds, scope }: VectorSearch) {
  if (!documentIds && Object.keys(scope).length === 0)
    return sql`version_id <> ALL(ARRAY(
      SELECT id FROM document_versions
      WHERE workspace_id = ${workspaceId} AND passage_count > 0 AND (state <> 'ready' OR role <> 'current')))`;
  const among = documentIds ? sql`AND document.id = ANY(${documentIds}::bigint[])` : sql``;
  return sql`version_id = ANY(ARRAY(
    SELECT version.id FROM document_versions AS version
    JOIN documents AS document ON document.workspace_id = version.workspace_id AND document.id = version.document_id
    WHERE version.workspace_id = ${workspaceId} AND version.role = 'current' AND version.state = 'ready'
      ${among} AND ${documentsInScope(scope)}))`;
}

type HitRow = {
  id: number;
  document_id: number;
  version_id: number;
  filename: string;
  title: string | null;
  headings: string[];
  page: number | null;
  start_offset: number;
  end_offset: number;
  similarity: number;
  chunk_id: number;
  chunk_start: number;
  chunk_end: number;
  token_count: number;
};

function toHit(row: HitRow): PassageHit {
  return {
    passageId: row.id,
    documentId: row.document_id,
    versionId: row.version_id,
    filename: row.filename,
    title: row.title,
    headings: row.headings,
    page: row.page,
    start: row.start_offset,
    end: row.end_offset,
    similarity: row.similarity,
    chunk: { id: row.chunk_id, start: row.chunk_start, end: row.chunk_end, tokenCount: row.token_count },
  };
}
