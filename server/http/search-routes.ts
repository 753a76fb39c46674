import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { errorBody } from '../../contract/errors.ts';
import { searchAnswer, searchRequest } from '../../contract/search.ts';
import { refuseUnstorable } from '../documents/refuse-unstorable.ts';
import type { Excerpt } from '../retrieval/excerpts.ts';
import type { Retriever } from '../retrieval/retriever.ts';
import { toScoreParts } from '../retrieval/score-parts.ts';

type Parts = { retriever: Retriever };

export function searchRoutes({ retriever }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/search/',
      {
        config: { permission: 'read' },
        schema: {
          tags: ['search'],
          summary: 'Find passages, without an answer',
          body: searchRequest,
          response: { 200: searchAnswer, 400: errorBody, 503: errorBody },
        },
      },
      async ({ body, workspaceId }) => {
        const startedAt = performance.now();
        refuseUnstorable(body.filter, 'filter');
        const { nearest, passages, excerpts, searchedDocuments } = await retriever.retrieve({
          workspaceId,
          question: body.query,
          documentIds: body.document_ids,
          scope: body.filter ?? {},
          topK: body.top_k,
          mode: body.mode,
          excerptCharacters: body.excerpt_characters,
        });
        const evidence = new Set(passages.map(({ passageId }) => passageId));
        return {
          results: nearest.map(hit => ({
            document_id: hit.documentId,
            version: hit.versionId,
            filename: hit.filename,
            title: hit.title,
            passage_id: hit.passageId,
            chunk_id: hit.chunk.id,
            start: hit.start,
            end: hit.end,
            heading_path: hit.headings,
            page: hit.page,
            text: hit.text,
            score: hit.score,
            evidence: evidence.has(hit.passageId),
            scores: toScoreParts(hit),
          })),
          ...(body.excerpt_characters !== undefined && { excerpts: excerpts.map(toExcerpt) }),
          searched_documents: searchedDocuments,
          elapsed_ms: Math.round(performance.now() - startedAt),
        };
      },
    );
  };
}

const toExcerpt = ({ best, start, end, text, passages }: Excerpt) => ({
  document_id: best.documentId,
  version: best.versionId,
  filename: best.filename,
  start,
  end,
  text,
  passage_ids: passages.map(({ passageId }) => passageId),
});
