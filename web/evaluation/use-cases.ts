import { useInfiniteQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { evaluationCase, evaluationCaseList } from '../../contract/evaluation.ts';
import { request } from '../api/request.ts';

export type EvaluationCase = z.infer<typeof evaluationCase>;

/** The stored questions with the passages that answer them. */
export const useCases = () =>
  useInfiniteQuery({
    queryKey: ['evaluation-cases'],
    queryFn: ({ pageParam, signal }) =>
      request<z.infer<typeof evaluationCaseList>>(
        `evaluation/case/?limit=200${pageParam === null ? '' : `&cursor=${pageParam}`}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next_cursor,
  });
