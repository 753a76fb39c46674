import type { InfiniteData } from '@tanstack/react-query';
import { queryClient } from '../api/query-client.ts';
import { type SessionList, sessionsKey } from '../api/sessions.ts';

/** Takes a chat out of all lists. */
export function forgetSession(id: number): void {
  queryClient.setQueriesData<InfiniteData<SessionList>>(
    { queryKey: sessionsKey },
    data =>
      data && {
        ...data,
        pages: data.pages.map(page => ({ ...page, sessions: page.sessions.filter(one => one.id !== id) })),
      },
  );
}
