import { z } from 'zod';
import { documentScope } from './documents.ts';
import { id, offset } from './scalars.ts';

export const searchRequest = z.strictObject({
  query: z.string().trim().min(1).max(10_000),
  top_k: z.number().int().min(1).max(100).default(10),
  mode: z
    .enum(['hybrid', 'vector', 'lexical'])
    .default('hybrid')
    .describe('By words and vectors together, or by one of them.'),
  excerpt_characters: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('Also put together excerpts of so many characters, as for an answer.'),
  document_ids: z.array(id).min(1).max(1_000).optional().describe('Search these documents only.'),
  filter: documentScope.optional().describe('Search documents like these only.'),
});

export const scoreParts = z
  .object({
    vector: z.number().nullable().describe('Cosine of question and passage; null in lexical mode.'),
    lexical: z.number().describe('From the three below; 1 is the best by words.'),
    words: z.number().describe('BM25 of the passage.'),
    window: z.number().describe('BM25 of the window of passages that it stands in.'),
    subwords: z.number().describe('BM25 of the passage over parts of words.'),
    name: z.number().describe('The share of what the question says of file names that this one has.'),
  })
  .describe('The parts of the score.');

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
        score: z.number().describe('What the results are ordered by.'),
        evidence: z.boolean().describe('Good enough to answer from.'),
        scores: scoreParts,
      }),
    ),
    excerpts: z
      .array(
        z.object({
          document_id: id,
          version: id,
          filename: z.string(),
          start: offset,
          end: offset,
          text: z.string(),
          passage_ids: z.array(id).describe('In reading order.'),
        }),
      )
      .optional()
      .describe('The documents’ texts around the best passages, as an answer is written from them.'),
    searched_documents: z.number().int(),
    elapsed_ms: z.number().int(),
  })
  .meta({ id: 'SearchAnswer' });
