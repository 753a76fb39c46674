import { sql } from 'kysely';
import { embeddingModelId } from '../database/embedding-model-id.ts';
import type { Db, Trx } from '../database/open-database.ts';
import { toVectorParameter } from '../database/vector-parameter.ts';
import { type IngestionJob, savePosition } from './ingestion-jobs.ts';
import type { SplitDocument } from './splitting/split-document.ts';

/** Rows per transaction: the embedded database answers nobody else while one runs. */
const ROWS_PER_TRANSACTION = 1_000;

export type StoredPassage = { id: number; start: number; end: number; prefix: string };

/** Replaces whatever an interrupted attempt had saved by the document's chunks and passages. */
export async function savePlan(db: Db, job: IngestionJob, split: SplitDocument): Promise<void> {
  await db.transaction().execute(async trx => {
    await savePosition(trx, job, null);
    await deletePlan(trx, job);
  });
  await saveInBatches(db, job, split.chunks, (trx, chunks, first) => {
    const column = (pick: (chunk: (typeof chunks)[number]) => number) => sql`${chunks.map(pick)}::int[]`;
    return sql`
      INSERT INTO chunks (workspace_id, document_id, ordinal, start_offset, end_offset, token_count)
      SELECT ${job.workspaceId}, ${job.documentId}, ${first}::int + ordinal - 1, start_offset, end_offset, token_count
      FROM unnest(${column(c => c.start)}, ${column(c => c.end)}, ${column(c => c.tokenCount)})
        WITH ORDINALITY AS chunk (start_offset, end_offset, token_count, ordinal)`.execute(trx);
  });
  await saveInBatches(db, job, split.passages, (trx, passages, first) => {
    const column = (pick: (passage: (typeof passages)[number]) => number) =>
      sql`${passages.map(pick)}::int[]`;
    return sql`
      INSERT INTO passages (workspace_id, document_id, ordinal, start_offset, end_offset, context_prefix)
      SELECT ${job.workspaceId}, ${job.documentId}, ${first}::int + ordinal - 1, start_offset, end_offset, ${split.prefix}
      FROM unnest(${column(p => p.start)}, ${column(p => p.end)})
        WITH ORDINALITY AS passage (start_offset, end_offset, ordinal)`.execute(trx);
  });
  await db.transaction().execute(async trx => {
    await savePosition(trx, job, 0);
    await trx
      .updateTable('documents')
      .set({ chunk_count: split.chunks.length, passage_count: split.passages.length })
      .where('workspace_id', '=', job.workspaceId)
      .where('id', '=', job.documentId)
      .execute();
  });
}

/** Removes the document's chunks and passages, and with them their embeddings. */
export async function deletePlan(trx: Trx, job: IngestionJob): Promise<void> {
  for (const table of ['chunks', 'passages'] as const)
    await trx
      .deleteFrom(table)
      .where('workspace_id', '=', job.workspaceId)
      .where('document_id', '=', job.documentId)
      .execute();
}

async function saveInBatches<Row>(
  db: Db,
  job: IngestionJob,
  rows: Row[],
  insert: (trx: Trx, batch: Row[], first: number) => Promise<unknown>,
): Promise<void> {
  for (let first = 0; first < rows.length; first += ROWS_PER_TRANSACTION) {
    await db.transaction().execute(async trx => {
      await savePosition(trx, job, null);
      await insert(trx, rows.slice(first, first + ROWS_PER_TRANSACTION), first);
    });
  }
}

/** In reading order. */
export async function readPassages(db: Db, job: IngestionJob): Promise<StoredPassage[]> {
  return db
    .selectFrom('passages')
    .select(['id', 'start_offset as start', 'end_offset as end', 'context_prefix as prefix'])
    .where('workspace_id', '=', job.workspaceId)
    .where('document_id', '=', job.documentId)
    .orderBy('ordinal')
    .execute();
}

export type EmbeddedBatch = {
  passages: StoredPassage[];
  /** One per passage. */
  embeddings: Float32Array[];
  model: { name: string; dimensions: number };
  /** Passages saved when this batch is, of `total`. */
  position: number;
  total: number;
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
      document_id: job.documentId,
      embedding: toVectorParameter(embedding),
    };
  });
  await db.transaction().execute(async trx => {
    await savePosition(trx, job, batch.position);
    await trx.insertInto('passage_embeddings').values(rows).execute();
    await trx
      .updateTable('documents')
      .set({ progress: batch.position / batch.total, updated_at: new Date() })
      .where('workspace_id', '=', job.workspaceId)
      .where('id', '=', job.documentId)
      .execute();
  });
}
