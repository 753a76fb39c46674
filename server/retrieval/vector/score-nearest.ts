import { type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from '../../database/open-database.ts';
import { toVectorParameter } from '../../database/vector-parameter.ts';
import { findable } from './findable.ts';
import type { NearPassage, VectorQuery } from './vector-query.ts';

export type ScoredPassages = {
  /** Up to the query's limit, nearest first. */
  nearest: NearPassage[];
  /** Those asked for by id, in no order; they may be among the nearest too. */
  also: NearPassage[];
};

/**
 * The nearest of the candidates, and the passages asked for by id, with their exact cosine.
 * Vectors have unit length, so the inner product is the cosine; pgvector's <#> gives it negated, for ascending
 * order.
 *
 * @param candidates a condition on passage_embeddings.
 */
export async function scoreNearest(
  db: Db | Trx,
  query: VectorQuery,
  candidates: RawBuilder<unknown>,
): Promise<ScoredPassages> {
  const distance = sql`embedding <#> ${toVectorParameter(query.vector)}::vector`;
  const also = sql`
    UNION ALL SELECT passage_id, version_id, ${distance}, true FROM passage_embeddings
    WHERE passage_id = ANY(${[...query.alsoPassageIds]}::bigint[]) AND ${findable(query)}`;
  const { rows } = await sql<NearPassage & { isAlso: boolean }>`
    SELECT passage_id AS "passageId", version_id AS "versionId", -distance AS similarity, is_also AS "isAlso" FROM (
      SELECT * FROM (
        SELECT passage_id, version_id, ${distance} AS distance, false AS is_also FROM passage_embeddings
        WHERE ${candidates}
        ORDER BY distance, passage_id
        LIMIT ${query.limit}
      ) AS nearest
      ${query.alsoPassageIds.length > 0 ? also : sql``}
    ) AS found
    ORDER BY distance, passage_id`.execute(db);
  const scored: ScoredPassages = { nearest: [], also: [] };
  for (const { isAlso, ...passage } of rows) (isAlso ? scored.also : scored.nearest).push(passage);
  return scored;
}
