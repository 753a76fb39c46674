import { z } from 'zod';
import { documentScope } from './documents.ts';
import { id, offset } from './scalars.ts';

export const searchRequest = z.strictObject({
  query: z.string().trim().min(1).max(10_000),
  top_k: z.number().int().min(1).max(100).default(10),
  mode: z.enum(['vector']).default('vector'),
  document_ids: z.array(id).min(1).max(1_000).optional().describe('Search these documents only.'),
  filter: documentScope.optional().describe('Search documents like these only.'),
});

export const searchAnswer = z
  .object({
    results: z.array(
      z.object({
        document_id: id,
        version: id,
        filename: z.string(),
        title: z.string().nullable(),
        passage_id: id,
        chunk_id: id,
        start: offset,
        end: offset,
        heading_path: z.array(z.string()),
        page: z.number().int().positive().nullable(),
        text: z.string().describe('The document’s text from start to end, to the letter.'),
        score: z.number(),
        scores: z.object({ vector: z.number().describe('Cosine of question and passage.') }),
      }),
    ),
    searched_documents: z.number().int(),
    elapsed_ms: z.number().int(),
  })
  .meta({ id: 'SearchAnswer' });
