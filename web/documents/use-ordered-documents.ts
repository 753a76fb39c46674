import { useEffect, useMemo } from 'react';
import type { LecternDocument, useDocuments } from '../api/documents.ts';
import { useLanguage } from '../language/language-store.ts';

export type DocumentOrder = 'newest' | 'name' | 'size';

/** The documents in the order wanted. The server's own is the newest first; for another all are read. */
export function useOrderedDocuments(query: ReturnType<typeof useDocuments>, order: DocumentOrder) {
  const language = useLanguage();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const isSorting = order !== 'newest' && hasNextPage;
  useEffect(() => {
    if (isSorting && !isFetchingNextPage) void fetchNextPage();
  }, [isSorting, isFetchingNextPage, fetchNextPage]);
  const documents = useMemo(() => {
    const all = data?.pages.flatMap(page => page.documents) ?? [];
    return order === 'newest' ? all : sort(all, order, language);
  }, [data, order, language]);
  return { documents: isSorting ? [] : documents, isSorting };
}

function sort(documents: LecternDocument[], order: 'name' | 'size', language: string): LecternDocument[] {
  if (order === 'size') return documents.toSorted((one, other) => other.byte_size - one.byte_size);
  const { compare } = new Intl.Collator(language, { numeric: true });
  return documents.toSorted((one, other) => compare(nameOf(one), nameOf(other)));
}

export const nameOf = ({ title, filename }: LecternDocument) => title ?? filename;
