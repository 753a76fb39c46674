import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './request.ts';

const isWorthRetrying = (error: Error) =>
  !(error instanceof ApiError) || error.status === 0 || error.status >= 500;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && isWorthRetrying(error),
    },
  },
});
