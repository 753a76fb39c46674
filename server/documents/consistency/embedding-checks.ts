/** Whether every passage is found: it has a vector of the model that questions are embedded with. */
import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import { bumpIndexVersion, recordChange } from '../document-changes.ts';
import { type Check, type Finding, findRows } from './check.ts';

/** @param modelName of the embedding model in use. */
export function embeddingChecks(modelName: string): Check[] {
  const model = sql`(SELECT id FROM embedding_models WHERE name = ${modelName})`;
  return [
    {
      name: 'foreign_embeddings',
      meaning: 'Vectors that count as another document’s. Repairing corrects them.',
      find: db =>
        findRows(
          db,
          sql`SELECT passage.workspace_id, NULL::bigint AS document_id, passage.id,
              'passage ' || passage.id AS detail
            FROM passage_embeddings AS embedding JOIN passages AS passage
              ON passage.workspace_id = embedding.workspace_id AND passage.id = embedding.passage_id
            WHERE embedding.version_id <> passage.version_id`,
        ),
      repair: async (db, { workspaceId, id }) => {
        await sql`UPDATE passage_embeddings AS embedding SET version_id = passage.version_id
          FROM passages AS passage
          WHERE embedding.workspace_id = ${workspaceId} AND embedding.passage_id = ${id}
            AND passage.workspace_id = ${workspaceId} AND passage.id = ${id}`.execute(db);
      },
    },
    {
      name: 'missing_embeddings',
      meaning: `Documents with passages that ${modelName} has not embedded, so that no question finds them: the model was changed. Repairing embeds them.`,
      find: db =>
        findRows(
          db,
          sql`SELECT version.workspace_id, version.document_id, version.id,
              count(*) || ' of ' || version.passage_count || ' passages' AS detail
            FROM document_versions AS version JOIN passages AS passage
              ON passage.workspace_id = version.workspace_id AND passage.version_id = version.id
            WHERE version.state = 'ready' AND version.role = 'current' AND NOT EXISTS (
              SELECT 1 FROM passage_embeddings AS embedding
              WHERE embedding.workspace_id = passage.workspace_id AND embedding.passage_id = passage.id
                AND embedding.model_id = ${model})
            GROUP BY version.workspace_id, version.document_id, version.id, version.passage_count`,
        ),
      repair: embedAgain,
    },
    {
      name: 'outdated_embeddings',
      meaning:
        'Vectors of a model that is no longer in use, of documents that have new ones. Repairing removes them.',
      find: db =>
        findRows(
          db,
          sql`SELECT version.workspace_id, version.document_id, version.id, count(*) || ' vectors' AS detail
            FROM document_versions AS version JOIN passage_embeddings AS embedding
              ON embedding.workspace_id = version.workspace_id AND embedding.version_id = version.id
            WHERE version.state = 'ready' AND version.role = 'current' AND embedding.model_id <> ${model}
              AND EXISTS (SELECT 1 FROM passage_embeddings AS newer
                WHERE newer.workspace_id = embedding.workspace_id AND newer.passage_id = embedding.passage_id
                  AND newer.model_id = ${model})
            GROUP BY version.workspace_id, version.document_id, version.id`,
        ),
      repair: async (db, { workspaceId, id }) => {
        await sql`DELETE FROM passage_embeddings
          WHERE workspace_id = ${workspaceId} AND version_id = ${id} AND model_id <> ${model}`.execute(db);
      },
    },
  ];
}

/** Text and passages stay as they are: the job begins where they are saved. */
async function embedAgain(db: Db, { workspaceId, documentId, id }: Finding): Promise<void> {
  await db.transaction().execute(async trx => {
    await trx
      .updateTable('document_versions')
      .set({ state: 'indexing', progress: 0, updated_at: new Date() })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .execute();
    await trx
      .insertInto('ingestion_jobs')
      .values({ workspace_id: workspaceId, version_id: id, saved_position: 0 })
      .onConflict(conflict => conflict.columns(['workspace_id', 'version_id']).doNothing())
      .execute();
    await bumpIndexVersion(trx, workspaceId);
    await recordChange(trx, workspaceId, documentId ?? 0);
  });
}
