import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import { toVectorParameter } from '../../database/vector-parameter.ts';
import { findable } from './findable.ts';
import { halfEmbedding } from './hnsw-index.ts';
import { type ScoredPassages, scoreNearest } from './score-nearest.ts';
import type { VectorQuery } from './vector-query.ts';

/** Vectors that a walk through the graph keeps in view: with fewer the nearest are missed. pgvector's ef_search. */
export const VECTORS_IN_VIEW = 250;
/** Numbers of half precision may mistake the order of the last few. */
const CANDIDATES_PER_PASSAGE = 1.2;

/**
 * Walks the graph of the model's index, on and on until enough vectors that the query may find were met, and
 * compares these exactly. Finds fewer than there are when those in scope are rare or far away.
 */
export function searchHnsw(db: Db, query: VectorQuery): Promise<ScoredPassages> {
  const { workspaceId, modelId, vector, limit } = query;
  const candidates = Math.ceil(CANDIDATES_PER_PASSAGE * limit);
  const asked = sql`${toVectorParameter(vector)}::vector::halfvec(${sql.lit(vector.length)})`;
  // The index is partial: the planner must see which model it is.
  const model = sql`model_id = ${sql.lit(modelId)}`;
  return db.transaction().execute(async trx => {
    // For this transaction only, as the connection goes back to the pool. The plan is ours, not the planner's.
    await sql`SELECT set_config('hnsw.ef_search', ${String(VECTORS_IN_VIEW)}, true),
      set_config('hnsw.iterative_scan', 'relaxed_order', true),
      set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
      set_config('enable_sort', 'off', true)`.execute(trx);
    return scoreNearest(
      trx,
      query,
      sql`workspace_id = ${workspaceId} AND ${model} AND passage_id = ANY(ARRAY(
        SELECT passage_id FROM passage_embeddings
        WHERE ${findable(query)} AND ${model}
        ORDER BY ${halfEmbedding(vector.length)} <#> ${asked}
        LIMIT ${candidates}))`,
    );
  });
}
