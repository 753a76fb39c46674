import type { z } from 'zod';
import type { searchAnswer } from '../../contract/search.ts';
import { request } from './request.ts';

export type SearchAnswer = z.infer<typeof searchAnswer>;
export type SearchResult = SearchAnswer['results'][number];
export const modes = ['hybrid', 'vector', 'lexical'] as const;
export type SearchMode = (typeof modes)[number];

export const search = (query: string, mode: SearchMode, topK = 10) =>
  request<SearchAnswer>('search/', { method: 'POST', body: { query, mode, top_k: topK } });
