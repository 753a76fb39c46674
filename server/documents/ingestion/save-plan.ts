import { sql } from 'kysely';
import { cutIntoSegments, saveTextSegments, type TextSegment } from '../../database/document-text.ts';
import type { Db, Trx } from '../../database/open-database.ts';
import { maxRunPassages } from '../../lexical/index-run.ts';
import { recordChange } from '../document-changes.ts';
import { reservePassageIds, saveLexicalDocument, saveRun } from '../lexical-index/lexical-store.ts';
import type { ReadDocument } from '../reading/read-document.ts';
import { removePlanBatch } from '../remove-plan.ts';
import { type IngestionJob, savePosition } from './ingestion-jobs.ts';
import type { IngestionStep, OnIngestionStep } from './ingestion-steps.ts';
import { addTimings } from './version-store.ts';

/** Per transaction: the embedded database answers nobody else while one runs. */
const ROWS_PER_TRANSACTION = 100;
const CHUNKS_PER_PART = 100;
const TEXT_SEGMENTS_PER_PART = 32;
/** A segment of text has 4 KB, a passage its entries in the lexical index. */
const ROWS_OF_A_TEXT_SEGMENT = 3;
const ROWS_OF_A_PASSAGE = 2;
/** Separates the headings of a path on their way into the database; no text holds it. */
const UNIT_SEPARATOR = '\u001f';

/** What was read of a document, and how long that took. */
type Plan = { read: ReadDocument; parsingMs: number };

/** Something of a plan that is saved as a whole. */
type Part = {
  /** What saving it is worth, in rows. */
  rows: number;
  /** Passed when it is saved. */
  step?: IngestionStep;
  save(trx: Trx): Promise<unknown>;
};

/**
 * Replaces whatever an interrupted attempt had saved by the document's text, chunks and passages with their
 * entries in the lexical index. A small document is saved in one transaction, a large one in many.
 */
export async function savePlan(
  db: Db,
  job: IngestionJob,
  { onStep, ...plan }: Plan & { onStep: OnIngestionStep },
): Promise<void> {
  while (await inOwnTransaction(db, job, trx => removePlanBatch(trx, job)));
  onStep('old-plan-removed');
  for (const parts of packs(planParts(job, plan))) {
    await inOwnTransaction(db, job, async trx => {
      for (const part of parts) await part.save(trx);
    });
    for (const { step } of parts) if (step) onStep(step);
  }
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

/** As many parts together as one transaction may save. */
function* packs(parts: Iterable<Part>): Generator<Part[]> {
  let pack: Part[] = [];
  let rows = 0;
  for (const part of parts) {
    if (pack.length > 0 && rows + part.rows > ROWS_PER_TRANSACTION) {
      yield pack;
      pack = [];
      rows = 0;
    }
    pack.push(part);
    rows += part.rows;
  }
  yield pack;
}

function* planParts(job: IngestionJob, { read, parsingMs }: Plan): Generator<Part> {
  const { workspaceId, versionId } = job;
  const startedAt = performance.now();
  for (const segments of inBatches(cutIntoSegments(read.units), TEXT_SEGMENTS_PER_PART))
    yield {
      rows: ROWS_OF_A_TEXT_SEGMENT * segments.length,
      step: 'text-saved',
      save: trx => saveTextSegments(trx, workspaceId, versionId, segments),
    };
  const chunkCount = read.chunks.length / 3;
  for (let first = 0; first < chunkCount; first += CHUNKS_PER_PART)
    yield {
      rows: Math.min(CHUNKS_PER_PART, chunkCount - first),
      step: 'chunks-saved',
      save: trx => saveChunks(trx, job, read.chunks, first),
    };
  const passageCount = read.passages.length / 4;
  let firstPassageId = 0;
  yield {
    rows: 1,
    async save(trx) {
      firstPassageId = await reservePassageIds(trx, passageCount);
      await saveLexicalDocument(trx, job, { ...read.lexical, firstPassageId });
    },
  };
  for (const [index, data] of read.lexical.runs.entries()) {
    const firstOrdinal = index * maxRunPassages;
    yield {
      rows: ROWS_OF_A_PASSAGE * Math.min(maxRunPassages, passageCount - firstOrdinal),
      step: 'passages-saved',
      async save(trx) {
        await savePassages(trx, job, read, { firstOrdinal, firstPassageId });
        await saveRun(trx, job, { firstOrdinal, data });
      },
    };
  }
  yield {
    rows: 1,
    save: trx => finishPlan(trx, job, { read, parsingMs, savingMs: performance.now() - startedAt }),
  };
}

/** The plan is whole: what remains to be done is embedding. */
async function finishPlan(
  trx: Trx,
  job: IngestionJob,
  { read, parsingMs, savingMs }: Plan & { savingMs: number },
): Promise<void> {
  const { workspaceId, versionId } = job;
  await savePosition(trx, job, 0);
  await trx
    .insertInto('document_outlines')
    .values({ workspace_id: workspaceId, version_id: versionId, outline: JSON.stringify(read.outline) })
    .execute();
  await trx
    .updateTable('document_versions')
    .set({
      state: 'indexing',
      stage: 'embedding',
      title: read.title,
      language: read.language,
      notes: JSON.stringify(read.notes),
      text_length: read.units.length,
      chunk_count: read.chunks.length / 3,
      passage_count: read.passages.length / 4,
      timings: addTimings({ parsing: parsingMs, saving: savingMs }),
      updated_at: new Date(),
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', versionId)
    .execute();
  await recordChange(trx, workspaceId, job.documentId);
}

function* inBatches(items: Iterable<TextSegment>, size: number): Generator<TextSegment[]> {
  let batch: TextSegment[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The same field of every row of `width` numbers, for `unnest`. */
function column(rows: Int32Array, width: number, field: number) {
  const values: number[] = [];
  for (let at = field; at < rows.length; at += width) values.push(rows[at] ?? 0);
  return sql`${values}::int[]`;
}

function saveChunks(trx: Trx, job: IngestionJob, chunks: Int32Array, first: number) {
  const rows = chunks.subarray(3 * first, 3 * (first + CHUNKS_PER_PART));
  return sql`
    INSERT INTO chunks (workspace_id, version_id, ordinal, start_offset, end_offset, token_count)
    SELECT ${job.workspaceId}, ${job.versionId}, ${first}::int + ordinal - 1, start_offset, end_offset, token_count
    FROM unnest(${column(rows, 3, 0)}, ${column(rows, 3, 1)}, ${column(rows, 3, 2)})
      WITH ORDINALITY AS chunk (start_offset, end_offset, token_count, ordinal)`.execute(trx);
}

function savePassages(
  trx: Trx,
  job: IngestionJob,
  { passages, sections }: ReadDocument,
  { firstOrdinal, firstPassageId }: { firstOrdinal: number; firstPassageId: number },
) {
  const rows = passages.subarray(4 * firstOrdinal, 4 * (firstOrdinal + maxRunPassages));
  const prefixes: string[] = [];
  const headings: string[] = [];
  for (let at = 2; at < rows.length; at += 4) {
    const section = sections[rows[at] ?? 0];
    prefixes.push(section?.prefix ?? '');
    headings.push(section?.headings.join(UNIT_SEPARATOR) ?? '');
  }
  return sql`
    INSERT INTO passages
      (workspace_id, id, version_id, ordinal, start_offset, end_offset, context_prefix, headings, page)
    SELECT ${job.workspaceId}, ${firstPassageId + firstOrdinal}::bigint + ordinal - 1, ${job.versionId},
      ${firstOrdinal}::int + ordinal - 1, start_offset, end_offset, prefix,
      string_to_array(headings, ${UNIT_SEPARATOR}), nullif(page, 0)
    FROM unnest(${column(rows, 4, 0)}, ${column(rows, 4, 1)}, ${column(rows, 4, 3)}, ${prefixes}::text[], ${headings}::text[])
      WITH ORDINALITY AS passage (start_offset, end_offset, page, prefix, headings, ordinal)`.execute(trx);
}
