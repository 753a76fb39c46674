import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { documentOutline, documentText } from '../../contract/documents.ts';
import { request } from './request.ts';

export type DocumentText = z.infer<typeof documentText>;
export type DocumentOutline = z.infer<typeof documentOutline>;

/** A stretch of a document's text; while another is read, the one before stays. */
export const useDocumentText = (id: number, { start, end }: { start: number; end: number }) =>
  useQuery({
    queryKey: ['document-text', id, start, end],
    queryFn: ({ signal }) =>
      request<DocumentText>(`document/${id}/text/?start=${start}&end=${end}`, { signal }),
    placeholderData: (previous, query) =>
      query?.queryKey[1] === id ? keepPreviousData(previous) : undefined,
    staleTime: 300_000,
  });

export const useDocumentOutline = (id: number, enabled = true) =>
  useQuery({
    enabled,
    queryKey: ['document-outline', id],
    queryFn: ({ signal }) => request<DocumentOutline>(`document/${id}/outline/`, { signal }),
    staleTime: 300_000,
  });
