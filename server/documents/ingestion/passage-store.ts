import { sql } from 'kysely';
import { cutIntoSegments, readTextRanges, saveTextSegments } from '../../database/document-text.ts';
import { embeddingModelId } from '../../database/embedding-model-id.ts';
import type { Db, Trx } from '../../database/open-database.ts';
import { toVectorParameter } from '../../database/vector-parameter.ts';
import { recordChange } from '../document-changes.ts';
import type { ReadDocument } from '../reading/read-document.ts';
import { removePlanBatch } from '../remove-plan.ts';
import { type IngestionJob, savePosition } from './ingestion-jobs.ts';
import type { OnIngestionStep } from './ingestion-steps.ts';
import { addTiming } from './version-store.ts';

/** Per transaction: the embedded database answers nobody else while one runs. */
const SEGMENTS_PER_TRANSACTION = 32;
const ROWS_PER_TRANSACTION = 100;
/** Separates the headings of a path on their way into the database; no text holds it. */
const UNIT_SEPARATOR = '\u001f';

/** Replaces whatever an interrupted attempt had saved by the document's text, chunks and passages. */
export async function savePlan(
  db: Db,
  job: IngestionJob,
  { read, parsingMs, onStep }: { read: ReadDocument; parsingMs: number; onStep: OnIngestionStep },
): Promise<void> {
  const startedAt = performance.now();
  while (await inOwnTransaction(db, job, trx => removePlanBatch(trx, job)));
  onStep('old-plan-removed');
  const { workspaceId, versionId } = job;
  await inBatches(cutIntoSegments(read.units), SEGMENTS_PER_TRANSACTION, async segments => {
    await inOwnTransaction(db, job, trx => saveTextSegments(trx, workspaceId, versionId, segments));
    onStep('text-saved');
  });
  const chunkCount = read.chunks.length / 3;
  for (let first = 0; first < chunkCount; first += ROWS_PER_TRANSACTION) {
    await inOwnTransaction(db, job, trx => saveChunks(trx, job, read.chunks, first));
    onStep('chunks-saved');
  }
  const passageCount = read.passages.length / 4;
  for (let first = 0; first < passageCount; first += ROWS_PER_TRANSACTION) {
    await inOwnTransaction(db, job, trx => savePassages(trx, job, read, first));
    onStep('passages-saved');
  }
  await db.transaction().execute(async trx => {
    await savePosition(trx, job, 0);
    await trx
      .insertInto('document_outlines')
      .values({ workspace_id: workspaceId, version_id: versionId, outline: JSON.stringify(read.outline) })
      .execute();
    await trx
      .updateTable('document_versions')
      .set({
        title: read.title,
        language: read.language,
        notes: JSON.stringify(read.notes),
        text_length: read.units.length,
        chunk_count: chunkCount,
        passage_count: passageCount,
        timings: addTiming('parsing', parsingMs),
      })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', versionId)
      .execute();
    await trx
      .updateTable('document_versions')
      .set({ timings: addTiming('saving', performance.now() - startedAt) })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', versionId)
      .execute();
    await recordChange(trx, workspaceId, job.documentId);
  });
}

function inOwnTransaction<Result>(
  db: Db,
  job: IngestionJob,
  save: (trx: Trx) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async trx => {
    await savePosition(trx, job, null);
    return save(trx);
  });
}

async function inBatches<Item>(
  items: Iterable<Item>,
  size: number,
  save: (batch: Item[]) => Promise<void>,
): Promise<void> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    await save(batch);
    batch = [];
  }
  if (batch.length > 0) await save(batch);
}

/** The same field of every row of `width` numbers, for `unnest`. */
function column(rows: Int32Array, width: number, field: number) {
  const values: number[] = [];
  for (let at = field; at < rows.length; at += width) values.push(rows[at] ?? 0);
  return sql`${values}::int[]`;
}

function saveChunks(trx: Trx, job: IngestionJob, chunks: Int32Array, first: number) {
  const rows = chunks.subarray(3 * first, 3 * (first + ROWS_PER_TRANSACTION));
  return sql`
    INSERT INTO chunks (workspace_id, version_id, ordinal, start_offset, end_offset, token_count)
    SELECT ${job.workspaceId}, ${job.versionId}, ${first}::int + ordinal - 1, start_offset, end_offset, token_count
    FROM unnest(${column(rows, 3, 0)}, ${column(rows, 3, 1)}, ${column(rows, 3, 2)})
      WITH ORDINALITY AS chunk (start_offset, end_offset, token_count, ordinal)`.execute(trx);
}

function savePassages(trx: Trx, job: IngestionJob, { passages, sections }: ReadDocument, first: number) {
  const rows = passages.subarray(4 * first, 4 * (first + ROWS_PER_TRANSACTION));
  const prefixes: string[] = [];
  const headings: string[] = [];
  for (let at = 2; at < rows.length; at += 4) {
    const section = sections[rows[at] ?? 0];
    prefixes.push(section?.prefix ?? '');
    headings.push(section?.headings.join(UNIT_SEPARATOR) ?? '');
  }
  return sql`
    INSERT INTO passages (workspace_id, version_id, ordinal, start_offset, end_offset, context_prefix, headings, page)
    SELECT ${job.workspaceId}, ${job.versionId}, ${first}::int + ordinal - 1, start_offset, end_offset, prefix,
      string_to_array(headings, ${UNIT_SEPARATOR}), nullif(page, 0)
    FROM unnest(${column(rows, 4, 0)}, ${column(rows, 4, 1)}, ${column(rows, 4, 3)}, ${prefixes}::text[], ${headings}::text[])
      WITH ORDINALITY AS passage (start_offset, end_offset, page, prefix, headings, ordinal)`.execute(trx);
}

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
        timings: addTiming('embedding', batch.elapsedMs),
        updated_at: new Date(),
      })
      .where('workspace_id', '=', job.workspaceId)
      .where('id', '=', job.versionId)
      .execute();
    await recordChange(trx, job.workspaceId, job.documentId);
  });
}
