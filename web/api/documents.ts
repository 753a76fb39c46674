import { type InfiniteData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { z } from 'zod';
import type { DocumentEvent, document, documentList } from '../../contract/documents.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';
import { apiUrl } from './root-path.ts';

export type LecternDocument = z.infer<typeof document>;
type DocumentPage = z.infer<typeof documentList>;
type Pages = InfiniteData<DocumentPage, string | null>;

export type DocumentFilter = { name: string; state: string | null; tag: string | null };
export const noFilter: DocumentFilter = { name: '', state: null, tag: null };

const listKey = ['documents'] as const;
/** The most that one request gives. */
const PAGE = 200;

/** Documents, newest first, as many as have been scrolled to. */
export function useDocuments(filter: DocumentFilter) {
  return useInfiniteQuery({
    queryKey: [...listKey, filter],
    queryFn: ({ pageParam, signal }) =>
      request<DocumentPage>(`document/?${toQuery(filter, pageParam)}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next_cursor,
    placeholderData: previous => previous,
  });
}

function toQuery({ name, state, tag }: DocumentFilter, cursor: string | null): URLSearchParams {
  const query = new URLSearchParams({ limit: String(PAGE) });
  for (const [key, value] of Object.entries({ name, state, tag, cursor })) if (value) query.set(key, value);
  return query;
}

export const useDocument = (id: number) =>
  useQuery({
    queryKey: ['document', id],
    queryFn: ({ signal }) => request<LecternDocument>(`document/${id}/`, { signal }),
  });

type Follower = {
  onEvent: (event: DocumentEvent) => void;
  /** From here on nothing is missed; what was over before is not told. */
  onOpen: () => void;
};

/** Follows what happens to documents while it is shown; lists that are shown change with it. */
export function useDocumentEvents(isWanted: boolean, follower?: Follower): void {
  useEffect(() => {
    if (!isWanted) return;
    // The browser itself connects again, after the last event that it has seen.
    const source = new EventSource(apiUrl('document/events/'));
    source.onopen = () => {
      if (isAnyShownInWork()) void refreshDocuments();
      follower?.onOpen();
    };
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as DocumentEvent;
      applyDocumentEvent(event);
      follower?.onEvent(event);
    };
    return () => source.close();
  }, [isWanted, follower]);
}

function isAnyShownInWork(): boolean {
  const isInWork = ({ state, replacement }: LecternDocument) =>
    !['ready', 'failed'].includes(replacement?.state ?? state);
  return queryClient
    .getQueriesData<Pages>({ queryKey: listKey })
    .some(([, data]) => data?.pages.some(({ documents }) => documents.some(isInWork)));
}

function applyDocumentEvent(event: DocumentEvent): void {
  if (event.type === 'deleted') {
    forgetDocument(event.document_id);
    return;
  }
  const { document } = event;
  queryClient.setQueryData(['document', document.id], document);
  let isNew = false;
  queryClient.setQueriesData<Pages>({ queryKey: listKey }, data => {
    if (!data) return data;
    const isKnown = data.pages.some(page => page.documents.some(({ id }) => id === document.id));
    if (!isKnown) isNew = true;
    return mapDocuments(data, one => (one.id === document.id ? document : one));
  });
  if (isNew) void queryClient.invalidateQueries({ queryKey: listKey });
}

/** Takes a document out of all lists. */
export function forgetDocument(id: number): void {
  queryClient.setQueriesData<Pages>(
    { queryKey: listKey },
    data =>
      data && {
        ...data,
        pages: data.pages.map(page => ({ ...page, documents: page.documents.filter(one => one.id !== id) })),
      },
  );
}

const mapDocuments = (data: Pages, change: (document: LecternDocument) => LecternDocument): Pages => ({
  ...data,
  pages: data.pages.map(page => ({ ...page, documents: page.documents.map(change) })),
});

export const refreshDocuments = () => queryClient.invalidateQueries({ queryKey: listKey });
