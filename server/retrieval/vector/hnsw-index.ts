import { type RawBuilder, sql } from 'kysely';

/** Beyond them halfvec can't be indexed by pgvector. */
export const MOST_HNSW_DIMENSIONS = 4_000;

export const hnswIndexPrefix = 'passage_embeddings_hnsw_';

export const hnswIndexName = (modelId: number): string => `${hnswIndexPrefix}${modelId}`;

/**
 * What the index of a model is over: the column has no dimension, and numbers of half precision make an index
 * half as large, which is no loss where the nearest are compared exactly afterwards.
 */
export const halfEmbedding = (dimensions: number): RawBuilder<unknown> =>
  sql`(embedding::halfvec(${sql.lit(dimensions)}))`;
