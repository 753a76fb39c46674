import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';

/**
 * After a change of the embedding model questions don't find what another model has embedded. Looks at the
 * first passage of each document only: quick at every start.
 */
export async function warnOfUnembedded(db: Db, modelName: string, logger: Logger): Promise<void> {
  const { rows } = await sql<{ documents: number }>`
    SELECT count(*) AS documents FROM document_versions AS version
    JOIN passages AS passage ON passage.workspace_id = version.workspace_id
      AND passage.version_id = version.id AND passage.ordinal = 0
    WHERE version.state = 'ready' AND version.role = 'current' AND NOT EXISTS (
      SELECT 1 FROM passage_embeddings AS embedding
      WHERE embedding.workspace_id = passage.workspace_id AND embedding.passage_id = passage.id
        AND embedding.model_id = (SELECT id FROM embedding_models WHERE name = ${modelName}))`.execute(db);
  const documents = rows[0]?.documents ?? 0;
  if (documents > 0)
    logger.warn(
      { documents, embeddingModel: modelName },
      'documents were embedded by another model and are not found: run `lectern doctor --repair`',
    );
}
