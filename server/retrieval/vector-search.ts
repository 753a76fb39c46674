import { sql } from 'kysely';
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
};

/** A passage that was found, with the chunk that holds most of it. */
export type PassageHit = {
  passageId: number;
  documentId: number;
  filename: string;
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
 * by itself): documents that are not to be found are left out by id. Few of those have embeddings, the
 * ones being ingested now.
 */
export async function searchByVector(db: Db, search: VectorSearch): Promise<PassageHit[]> {
  const vector = sql`${toVectorParameter(search.vector)}::vector`;
  const inScope = search.documentIds ? sql`AND document_id = ANY(${search.documentIds}::bigint[])` : sql``;
  const { rows } = await sql<HitRow>`
    WITH nearest AS MATERIALIZED (
      SELECT passage_id, -(embedding <#> ${vector}) AS similarity
      FROM passage_embeddings
      WHERE workspace_id = ${search.workspaceId} AND model_id = ${search.modelId}
        AND document_id <> ALL(ARRAY(
          SELECT id FROM documents
          WHERE workspace_id = ${search.workspaceId} AND state <> 'ready' AND passage_count > 0))
        ${inScope}
      ORDER BY embedding <#> ${vector}, passage_id
      LIMIT ${search.limit}
    )
    SELECT passage.id, passage.document_id, passage.start_offset, passage.end_offset, document.filename,
      nearest.similarity, chunk.id AS chunk_id, chunk.start_offset AS chunk_start, chunk.end_offset AS chunk_end,
      chunk.token_count
    FROM nearest
    JOIN passages AS passage ON passage.workspace_id = ${search.workspaceId} AND passage.id = nearest.passage_id
    JOIN documents AS document ON document.workspace_id = ${search.workspaceId} AND document.id = passage.document_id
    CROSS JOIN LATERAL (
      SELECT * FROM (
        SELECT id, start_offset, end_offset, token_count FROM chunks
        WHERE workspace_id = ${search.workspaceId} AND document_id = passage.document_id
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

type HitRow = {
  id: number;
  document_id: number;
  filename: string;
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
    filename: row.filename,
    start: row.start_offset,
    end: row.end_offset,
    similarity: row.similarity,
    chunk: { id: row.chunk_id, start: row.chunk_start, end: row.chunk_end, tokenCount: row.token_count },
  };
}
