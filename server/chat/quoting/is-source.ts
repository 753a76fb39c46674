import type { Source } from '../../../contract/chat.ts';
import type { Excerpt } from '../../retrieval/excerpts.ts';

/** What the token budget left out is no source, and is not quoted. */
export function isSource({ best, start, end, text }: Excerpt, sources: Source[]): boolean {
  const leading = text.length - text.trimStart().length;
  const trailing = text.length - text.trimEnd().length;
  return sources.some(
    source =>
      source.document_id === best.documentId &&
      source.start <= start + leading &&
      end - trailing <= source.end,
  );
}
