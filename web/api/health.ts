import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { health } from '../../contract/health.ts';
import { request } from './request.ts';

export type Health = z.infer<typeof health>;

export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => request<Health>('health/', { signal }),
    staleTime: 60_000,
  });
