import { useQuery } from '@tanstack/react-query';
import type { Settings } from '../../contract/settings.ts';
import { request } from './request.ts';

/** What is set, and what may be chosen. */
export const useSettings = () =>
  useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => request<Settings>('settings/', { signal }),
    staleTime: 60_000,
  });
