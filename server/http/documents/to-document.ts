import type { z } from 'zod';
import type { document } from '../../../contract/documents.ts';
import type { DocumentRow, NextVersionRow } from '../../documents/document-store.ts';

type Document = z.infer<typeof document>;

/** Failures after which processing the same file again may go better. */
const retryableCodes = [
  'storage_full',
  'document_failed',
  'document_cancelled',
  'embedding_failed',
  'embedding_model_unavailable',
  'document_too_complex',
];

/** What a document is in the API. */
export function toDocument(row: DocumentRow, next: NextVersionRow | undefined): Document {
  return {
    id: row.id,
    title: row.title,
    ...toProgress(row),
    text_length: row.text_length,
    total_chunks: row.chunk_count,
    total_passages: row.passage_count,
    // As the ingestion wrote them.
    notes: row.notes as Document['notes'],
    timings: row.timings as Document['timings'],
    tags: row.tags,
    source: row.source,
    language: row.language,
    metadata: row.metadata as Document['metadata'],
    version: row.version_id,
    replacement: next ? toProgress(next) : null,
    processing_ms: row.processing_ms,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

function toProgress(version: NextVersionRow) {
  return {
    filename: version.filename,
    media_type: version.media_type,
    byte_size: version.byte_size,
    sha256: version.sha256,
    state: version.state,
    stage: version.stage,
    progress: version.progress,
    seconds_left: estimateSecondsLeft(version),
    error:
      version.error_code === null
        ? null
        : {
            code: version.error_code,
            message: version.error_message ?? '',
            retryable: retryableCodes.includes(version.error_code),
          },
  };
}

/** As fast as so far; there is nothing to go by before the first passages are embedded. */
function estimateSecondsLeft({ state, progress, timings }: NextVersionRow): number | null {
  const embeddingMs = (timings as Document['timings']).embedding_ms;
  if (state !== 'indexing' || progress === 0 || embeddingMs === undefined) return null;
  return Math.ceil((embeddingMs * (1 - progress)) / progress / 1000);
}
