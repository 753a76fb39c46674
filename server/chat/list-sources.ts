import type { Source } from '../../contract/chat.ts';
import type { RetrievedPassage } from '../retrieval/retriever.ts';

/** A source with the text of its whole chunk, which is what the model reads. */
export type SourceCandidate = { source: Source; chunk: { text: string; tokenCount: number } };

/** One source per chunk, best first; its quote is the best passage found in the chunk. */
export function listSources(passages: RetrievedPassage[]): SourceCandidate[] {
  const sources = new Map<number, SourceCandidate>();
  for (const passage of passages) {
    if (sources.has(passage.chunk.id)) continue;
    const leading = passage.text.length - passage.text.trimStart().length;
    const quote = passage.text.trim();
    const source = {
      number: sources.size + 1,
      document_id: passage.documentId,
      version: passage.versionId,
      filename: passage.filename,
      title: passage.title,
      chunk_id: passage.chunk.id,
      passage_id: passage.passageId,
      start: passage.start + leading,
      end: passage.start + leading + quote.length,
      heading: passage.headings.at(-1) ?? null,
      heading_path: passage.headings,
      page: passage.page,
      quote,
      score: passage.similarity,
    };
    sources.set(passage.chunk.id, {
      source,
      chunk: { text: passage.chunkText, tokenCount: passage.chunk.tokenCount },
    });
  }
  return [...sources.values()];
}
