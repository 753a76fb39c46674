import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { hnswIndexName } from './hnsw-index.ts';
import type { VectorQuery } from './vector-query.ts';

export type VectorCounts = {
  /** Vectors that the query may find. */
  inScope: number;
  /** All that are published, of every workspace. */
  inTable: number;
  /** Whether the model has an index that searches can use. */
  isIndexed: boolean;
};

/** The way to search is chosen by orders of magnitude: old counts do. */
const CACHE_MS = 5_000;
const MOST_WORKSPACES = 100;

/** Counts by the sums that documents carry; counting the vectors would take as long as searching them. */
export function createVectorCounter(db: Db): (query: VectorQuery) => Promise<VectorCounts> {
  const cache = new LRUCache<string, Promise<VectorCounts>>({ max: MOST_WORKSPACES, ttl: CACHE_MS });
  return async query => {
    const key = `${query.workspaceId} ${query.modelId}`;
    let counted = cache.get(key);
    if (!counted) {
      counted = countWorkspace(db, query);
      cache.set(key, counted);
      counted.catch(() => cache.delete(key));
    }
    const [counts, inScope] = await Promise.all([counted, countScope(db, query)]);
    return { ...counts, inScope: inScope ?? counts.inScope };
  };
}

/** Of the whole table: how far a walk through an index that all share has to go. */
async function countWorkspace(db: Db, { workspaceId, modelId }: VectorQuery): Promise<VectorCounts> {
  const { rows } = await sql<VectorCounts>`
    SELECT coalesce(sum(passage_count) FILTER (WHERE workspace_id = ${workspaceId}), 0)::int AS "inScope",
      coalesce(sum(passage_count), 0)::int AS "inTable",
      EXISTS (SELECT 1 FROM pg_index WHERE indisvalid AND indexrelid = to_regclass(${hnswIndexName(modelId)})) AS "isIndexed"
    FROM document_versions WHERE state = 'ready' AND role = 'current'`.execute(db);
  return rows[0] ?? { inScope: 0, inTable: 0, isIndexed: false };
}

/** Undefined when everything is in scope. */
async function countScope(db: Db, { workspaceId, versionIds }: VectorQuery): Promise<number | undefined> {
  if (!versionIds) return undefined;
  const { rows } = await sql<{ count: number }>`
    SELECT coalesce(sum(passage_count), 0)::int AS count FROM document_versions
    WHERE workspace_id = ${workspaceId} AND id = ANY(${[...versionIds]}::bigint[])`.execute(
    forWorkspace(db, workspaceId),
  );
  return rows[0]?.count ?? 0;
}
