import { z } from 'zod';

/** Stable codes: clients may branch on them, so a code is never renamed or given a new meaning. */
export const errorCodes = [
  'invalid_request',
  'file_missing',
  'origin_not_allowed',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'session_busy',
  'backup_running',
  'request_too_large',
  'document_too_large',
  'message_too_large',
  'unsupported_media_type',
  'host_not_allowed',
  'document_not_utf8',
  'document_not_text',
  'document_empty',
  'document_broken',
  'document_encrypted',
  'document_without_text',
  'document_too_complex',
  'document_failed',
  'document_cancelled',
  'document_duplicate',
  'text_too_large',
  'quota_exceeded',
  'url_not_allowed',
  'url_unreachable',
  'url_failed',
  'internal_error',
  'database_unavailable',
  'embedding_model_unavailable',
  'embedding_failed',
  'shutting_down',
  'storage_full',
  'idempotency_key_reused',
  'answer_interrupted',
  'token_budget_exhausted',
  'rate_limited',
  'overloaded',
  'language_model_unauthorised',
  'language_model_rate_limited',
  'language_model_rejected',
  'language_model_unavailable',
  'language_model_timeout',
  'language_model_interrupted',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export const errorBody = z
  .object({
    error: z.looseObject({
      code: z.enum(errorCodes),
      message: z.string().describe('A sentence for people.'),
      requestId: z.string().describe('Names the request in the log.'),
    }),
  })
  .meta({ id: 'Error' });
