import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { session, sessionList } from '../../contract/sessions.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

type FullSession = z.infer<typeof session>;
type FullMessage = FullSession['messages'][number];
type Basics =
  | 'id'
  | 'role'
  | 'content'
  | 'created_at'
  | 'parent_id'
  | 'versions'
  | 'state'
  | 'finish_reason'
  | 'model'
  | 'error'
  | 'sources'
  | 'feedback';
/** A message of the history; of one that has just come some things are known only once the history is read anew. */
export type Message = Pick<FullMessage, Basics> & Partial<FullMessage>;
export type Session = Omit<FullSession, 'messages'> & { messages: Message[] };
export type SessionList = z.infer<typeof sessionList>;
export type SessionSummary = SessionList['sessions'][number];

export const sessionKey = (id: number) => ['session', id] as const;
export const sessionsKey = ['sessions'] as const;

export const useSession = (id: number | undefined) =>
  useQuery({
    queryKey: sessionKey(id ?? 0),
    queryFn: ({ signal }) => request<Session>(`session/${id}/messages/`, { signal }),
    enabled: id !== undefined,
    staleTime: 60_000,
  });

export const createSession = () => request<Session>('session/create/', { method: 'POST' });
export const refreshSessions = () => queryClient.invalidateQueries({ queryKey: sessionsKey });
