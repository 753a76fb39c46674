import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { request } from '../api/request.ts';
import { type SessionList as SessionPage, sessionsKey } from '../api/sessions.ts';

const PAGE = 60;

/** Chats as many as have been scrolled to: the latest first, or those with the words. */
export const useSessions = (words = '') =>
  useInfiniteQuery({
    queryKey: [...sessionsKey, words],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        limit: String(PAGE),
        ...(words && { q: words }),
        ...(pageParam && { cursor: pageParam }),
      });
      return request<SessionPage>(`session/?${query}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next_cursor,
    placeholderData: keepPreviousData,
  });
