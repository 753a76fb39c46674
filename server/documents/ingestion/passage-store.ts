import { readTextRanges } from '../../database/document-text.ts';
import { embeddingModelId } from '../../database/embedding-model-id.ts';
import type { Db } from '../../database/open-database.ts';
import { toVectorParameter } from '../../database/vector-parameter.ts';
import { recordChange } from '../document-changes.ts';
import { type IngestionJob, savePosition } from './ingestion-jobs.ts';
import { addTimings } from './version-store.ts';

/** A passage with what is embedded of it: its prefix and its text. */
export type PassageToEmbed = { id: number; text: string };

/** So many passages in reading order, from a position on. */
export async function readPassageBatch(
  db: Db,
  { workspaceId, versionId }: IngestionJob,
  position: number,
  limit: number,
): Promise<PassageToEmbed[]> {
  const passages = await db
    .selectFrom('passages')
    .select(['id', 'start_offset as start', 'end_offset as end', 'context_prefix as prefix'])
    .where('workspace_id', '=', workspaceId)
    .where('version_id', '=', versionId)
    .where('ordinal', '>=', position)
    .where('ordinal', '<', position + limit)
    .orderBy('ordinal')
    .execute();
  const ranges = passages.map(({ start, end }) => ({ versionId, start, end }));
  const texts = await readTextRanges(db, workspaceId, ranges);
  return passages.map(({ id, prefix }, index) => ({ id, text: prefix + (texts[index] ?? '').trim() }));
}

export type EmbeddedBatch = {
  passages: PassageToEmbed[];
  /** One per passage. */
  embeddings: Float32Array[];
  model: { name: string; dimensions: number };
  /** Passages saved when this batch is, of `total`. */
  position: number;
  total: number;
  /** What the batch took. */
  elapsedMs: number;
};

/** Saves a batch of embeddings together with how far the work has come. */
export async function saveEmbeddings(db: Db, job: IngestionJob, batch: EmbeddedBatch): Promise<void> {
  const modelId = await embeddingModelId(db, batch.model.name, batch.model.dimensions);
  const rows = batch.passages.map((passage, index) => {
    const embedding = batch.embeddings[index];
    if (!embedding) throw new Error('the embedder gave fewer vectors than it was given texts');
    return {
      workspace_id: job.workspaceId,
      passage_id: passage.id,
      model_id: modelId,
      version_id: job.versionId,
      embedding: toVectorParameter(embedding),
    };
  });
  await db.transaction().execute(async trx => {
    await savePosition(trx, job, batch.position);
    await trx
      .insertInto('passage_embeddings')
      .values(rows)
      // Some may be there already when a document is embedded again.
      .onConflict(conflict =>
        conflict
          .columns(['workspace_id', 'passage_id', 'model_id'])
          .doUpdateSet(row => ({ embedding: row.ref('excluded.embedding') })),
      )
      .execute();
    await trx
      .updateTable('document_versions')
      .set({
        progress: batch.position / batch.total,
        timings: addTimings({ embedding: batch.elapsedMs }),
        updated_at: new Date(),
      })
      .where('workspace_id', '=', job.workspaceId)
      .where('id', '=', job.versionId)
      .execute();
    await recordChange(trx, job.workspaceId, job.documentId);
  });
}
