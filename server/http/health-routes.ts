import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { alive, health } from '../../contract/health.ts';
import type { Db } from '../database/open-database.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { version } from '../version.ts';

type Parts = {
  db: Db;
  databaseKind: 'embedded' | 'native';
  embedder: Embedder;
  groqConfigured: boolean;
  /** Name of the language model; null when answers are quoted. */
  languageModel: string | null;
  isDraining: () => boolean;
};

const DATABASE_TIMEOUT_MS = 3_000;
const tags = ['operations'];

export function healthRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/api/health/',
      {
        config: { permission: 'anyone' },
        schema: {
          tags,
          summary: 'What runs, and whether it is well',
          response: { 200: health, 503: health },
        },
      },
      async (_, reply) => {
        const connected = await answers(parts.db);
        return reply.status(connected ? 200 : 503).send({
          status: connected ? ('healthy' as const) : ('unhealthy' as const),
          database: connected ? ('connected' as const) : ('disconnected' as const),
          embedding_service: parts.embedder.state,
          embedding_dim: parts.embedder.dimensions ?? null,
          groq_api_configured: parts.groqConfigured,
          version,
          database_kind: parts.databaseKind,
          answers: parts.languageModel === null ? ('quoted' as const) : ('written' as const),
          language_model: parts.languageModel,
        });
      },
    );
    app.get(
      '/livez',
      {
        config: { permission: 'anyone' },
        schema: { tags, summary: 'The process runs', response: { 200: alive } },
      },
      async () => ({
        status: 'ok' as const,
      }),
    );
    app.get(
      '/readyz',
      {
        config: { permission: 'anyone' },
        schema: { tags, summary: 'Requests can be served', response: { 200: alive, 503: alive } },
      },
      async (_, reply) => {
        if (parts.isDraining()) return reply.status(503).send({ status: 'shutting_down' as const });
        if (await answers(parts.db)) return { status: 'ok' as const };
        return reply.status(503).send({ status: 'database_unavailable' as const });
      },
    );
  };
}

/** Whether the database answers, and soon: a hanging one is as bad as none. */
async function answers(db: Db): Promise<boolean> {
  const timeout = new Promise<boolean>(resolve => {
    setTimeout(resolve, DATABASE_TIMEOUT_MS, false).unref();
  });
  const answer = sql`SELECT 1`.execute(db).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, timeout]);
}
