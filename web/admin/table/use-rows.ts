import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queryClient } from '../../api/query-client.ts';
import { request } from '../../api/request.ts';
import type { RowBase } from './table-view.ts';

/** The most that one request gives. */
const PAGE = 200;
/** Beyond so many pages a table that changes by itself is read again only when asked to. */
const MOST_PAGES_FOLLOWED = 2;

type Page<Row> = { items: Row[]; next_cursor: string | null };

const administrationKey = ['administration'] as const;

/** The rows of a table, as many as have been scrolled to. */
export function useRows<Row extends RowBase>(path: string, query: string, refreshMs?: number) {
  const result = useInfiniteQuery({
    queryKey: [...administrationKey, path, query],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Row>>(`${path}?${query}&limit=${PAGE}${toCursor(pageParam)}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next_cursor,
    placeholderData: previous => previous,
    refetchInterval: ({ state }) =>
      refreshMs !== undefined && (state.data?.pages.length ?? 0) <= MOST_PAGES_FOLLOWED ? refreshMs : false,
  });
  const rows = useMemo(() => result.data?.pages.flatMap(page => page.items) ?? [], [result.data]);
  return { ...result, rows };
}

const toCursor = (cursor: string | null) => (cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`);

/** Something was changed: what is shown is read again. */
export const refreshAdministration = () => queryClient.invalidateQueries({ queryKey: administrationKey });
