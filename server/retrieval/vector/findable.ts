import { type RawBuilder, sql } from 'kysely';
import type { VectorQuery } from './vector-query.ts';

/**
 * The rows of a table of vectors that a query may find, as a condition on that table alone, whatever
 * statistics the planner has (the embedded database gathers none by itself). Versions that are not published
 * are left out by id: few of those have vectors, the ones being ingested or removed now.
 */
export function findable({ workspaceId, modelId, versionIds }: VectorQuery): RawBuilder<unknown> {
  const inScope = versionIds ? sql`AND version_id = ANY(${[...versionIds]}::bigint[])` : sql``;
  return sql`workspace_id = ${workspaceId} AND model_id = ${modelId} ${inScope}
    AND version_id <> ALL(ARRAY(
      SELECT id FROM document_versions
      WHERE workspace_id = ${workspaceId} AND passage_count > 0 AND (state <> 'ready' OR role <> 'current')))`;
}
