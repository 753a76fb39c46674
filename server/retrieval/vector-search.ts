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

/**
 * The passages nearest to the vector, nearest first, by an exact scan of the workspace. Vectors have unit
 * length, so the inner product is the cosine; pgvector's <#> gives it negated, for ascending order.
 */
export async function searchByVector(db: Db, search: VectorSearch): Promise<PassageHit[]> {
  const vector = sql`${toVectorParameter(search.vector)}::vector`;
  const inScope = search.documentIds ? sql`AND document.id = ANY(${search.documentIds}::bigint[])` : sql``;
  const { rows } = await sql<HitRow>`
    WITH nearest AS (
      SELECT passage.id, passage.document_id, passage.start_offset, passage.end_offset, document.filename,
        -(embedded.embedding <#> ${vector}) AS similarity
      FROM passage_embeddings AS embedded
      JOIN passages AS passage ON passage.workspace_id = embedded.workspace_id AND passage.id = embedded.passage_id
      JOIN documents AS document ON document.workspace_id = passage.workspace_id AND document.id = passage.document_id
      WHERE embedded.workspace_id = ${search.workspaceId} AND embedded.model_id = ${search.modelId}
        AND document.state = 'ready' ${inScope}
      ORDER BY embedded.embedding <#> ${vector}, passage.id
      LIMIT ${search.limit}
    )
    SELECT nearest.*, chunk.id AS chunk_id, chunk.start_offset AS chunk_start, chunk.end_offset AS chunk_end,
      chunk.token_count
    FROM nearest
    CROSS JOIN LATERAL (
      SELECT id, start_offset, end_offset, token_count FROM chunks
      WHERE workspace_id = ${search.workspaceId} AND document_id = nearest.document_id
        AND start_offset < nearest.end_offset AND end_offset > nearest.start_offset
      ORDER BY least(end_offset, nearest.end_offset) - greatest(start_offset, nearest.start_offset) DESC, ordinal
      LIMIT 1
    ) AS chunk
    ORDER BY nearest.similarity DESC, nearest.id`.execute(db);
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
