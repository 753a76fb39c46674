import { useQuery } from '@tanstack/react-query';
import type { FollowUps } from '../../contract/follow-ups.ts';
import { request } from './request.ts';

/** Questions to go on with after an answer. */
export const useFollowUps = (messageId: number) =>
  useQuery({
    queryKey: ['follow-ups', messageId],
    queryFn: ({ signal }) => request<FollowUps>(`message/${messageId}/follow-ups/`, { signal }),
    staleTime: 300_000,
  });
