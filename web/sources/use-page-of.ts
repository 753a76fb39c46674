import { useDocumentOutline } from '../api/document-text.ts';
import type { Proof } from './proof.ts';

/**
 * The page on which what is marked begins: a passage knows only the page where it begins itself, and the quote may
 * stand on the next one. Null for documents without pages; undefined until it is known.
 */
export function usePageOf({ documentId, page, start, state }: Proof): number | null | undefined {
  const isAsked = page !== null && state === 'current';
  const { data: outline, isPending } = useDocumentOutline(documentId, isAsked);
  if (!isAsked) return page;
  if (isPending) return undefined;
  const found = outline?.page_starts.findLastIndex(at => at <= start) ?? -1;
  return found < 0 ? page : found + 1;
}
