import { z } from 'zod';

export const health = z
  .object({
    status: z.enum(['healthy', 'unhealthy']),
    database: z.enum(['connected', 'disconnected']),
    embedding_service: z.enum(['loaded', 'skipped']),
    embedding_dim: z.number().int().nullable(),
    groq_api_configured: z.boolean(),
    version: z.string(),
    database_kind: z.enum(['embedded', 'native']),
    answers: z.enum(['written', 'quoted']).describe('Whether a language model writes the answers.'),
    language_model: z.string().nullable(),
  })
  .meta({ id: 'Health' });

export const alive = z.object({ status: z.enum(['ok', 'shutting_down', 'database_unavailable']) });
