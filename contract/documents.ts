import { z } from 'zod';
import { id, time } from './scalars.ts';

export const documentStates = ['queued', 'reading', 'indexing', 'ready', 'failed', 'deleting'] as const;

export const uploadAnswer = z
  .object({
    document_id: id,
    filename: z.string(),
    status: z.enum(['processed', 'processing']),
    total_chunks: z.number().int().nonnegative(),
    processing_time: z
      .string()
      .regex(/^\d+\.\d\ds$/)
      .describe('Seconds, as "2.34s".'),
    duplicate: z.boolean().describe('The same bytes were there already.'),
  })
  .meta({ id: 'UploadAnswer' });

export const document = z
  .object({
    id,
    filename: z.string(),
    media_type: z.string(),
    byte_size: z.number().int(),
    sha256: z.string(),
    state: z.enum(documentStates),
    progress: z.number().min(0).max(1),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    text_length: z.number().int().describe('UTF-16 units.'),
    total_chunks: z.number().int(),
    total_passages: z.number().int(),
    processing_ms: z.number().int().nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Document' });

export const documentList = z.object({
  documents: z.array(document),
  next_cursor: z.string().nullable().describe('For the next page; null on the last.'),
});

export const documentDeletion = z.object({
  document_id: id,
  deleted: z.object({
    chunks: z.number().int(),
    passages: z.number().int(),
    embeddings: z.number().int(),
    file_bytes: z.number().int(),
  }),
  remaining: z.number().int().describe('Rows that still refer to the document: 0.'),
});
