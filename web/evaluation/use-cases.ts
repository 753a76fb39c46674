import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { evaluationCase, evaluationCaseList } from '../../contract/evaluation.ts';
import { queryClient } from '../api/query-client.ts';
import { request } from '../api/request.ts';

export type EvaluationCase = z.infer<typeof evaluationCase>;
type CaseList = z.infer<typeof evaluationCaseList>;

const key = ['evaluation-cases'];

/** The stored questions with the passages that answer them. */
export const useCases = () =>
  useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      request<CaseList>(`evaluation/case/?limit=200${pageParam === null ? '' : `&cursor=${pageParam}`}`, {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next_cursor,
  });

/** Takes a case out of the list. */
export const forgetCase = (id: number) =>
  queryClient.setQueryData<InfiniteData<CaseList>>(
    key,
    data =>
      data && {
        ...data,
        pages: data.pages.map(page => ({ ...page, cases: page.cases.filter(one => one.id !== id) })),
      },
  );

export const refreshCases = () => queryClient.invalidateQueries({ queryKey: key });
