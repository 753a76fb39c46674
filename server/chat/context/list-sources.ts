import type { Source } from '../../../contract/chat.ts';
import type { Excerpt } from '../../retrieval/excerpts.ts';

/** One source per excerpt, best first: what the model reads. */
export function listSources(excerpts: Excerpt[]): Source[] {
  return excerpts.map(({ best, start, text }, index) => {
    const quote = text.trim();
    const quoteStart = start + text.length - text.trimStart().length;
    return {
      number: index + 1,
      document_id: best.documentId,
      version: best.versionId,
      filename: best.filename,
      title: best.title,
      chunk_id: best.chunk.id,
      passage_id: best.passageId,
      start: quoteStart,
      end: quoteStart + quote.length,
      heading: best.headings.at(-1) ?? null,
      heading_path: best.headings,
      page: best.page,
      quote,
      score: best.score,
    };
  });
}
