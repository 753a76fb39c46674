import type { Excerpt } from '../../server/retrieval/excerpts.ts';
import type { RetrievedPassage } from '../../server/retrieval/retriever.ts';

/** A passage as the retriever gives it, at the beginning of its document unless said otherwise. */
function foundPassage(text: string, over: Partial<RetrievedPassage> = {}): RetrievedPassage {
  const start = over.start ?? 0;
  return {
    passageId: 1,
    documentId: 1,
    versionId: 1,
    title: null,
    headings: [],
    page: null,
    language: 'en',
    prefix: '',
    filename: 'manual.txt',
    start,
    end: start + text.length,
    ordinal: 0,
    score: 0.5,
    lexical: 0.5,
    parts: { passage: 1, window: 1, subwords: 1, name: 0 },
    similarity: 0.5,
    chunk: { id: 1, start, end: start + text.length, tokenCount: 40 },
    text,
    ...over,
  };
}

/** An excerpt of one passage. */
export function foundExcerpt(text: string, over: Partial<RetrievedPassage> = {}): Excerpt {
  const passage = foundPassage(text, over);
  return { passages: [passage], best: passage, start: passage.start, end: passage.end, text };
}
