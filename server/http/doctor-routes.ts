import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { doctorReport, doctorRequest } from '../../contract/doctor.ts';
import { errorBody } from '../../contract/errors.ts';
import type { Db } from '../database/open-database.ts';
import { checkConsistency } from '../documents/consistency/check-consistency.ts';
import type { IngestionRunner } from '../documents/ingestion/ingestion-runner.ts';
import type { Embedder } from '../embedding/embedder.ts';

type Parts = { db: Db; embedder: Embedder; runner: IngestionRunner };

export function doctorRoutes({ db, embedder, runner }: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/doctor/',
      {
        config: { permission: 'administer' },
        schema: {
          tags: ['operations'],
          summary: 'Look through the whole database for what should not be; {"repair": true} mends it',
          body: doctorRequest,
          response: { 200: doctorReport, 400: errorBody },
        },
      },
      async ({ body }) => {
        const modelName = embedder.state === 'loaded' ? embedder.modelName : undefined;
        const report = await checkConsistency(db, { modelName, repair: body.repair });
        if (body.repair) runner.wake();
        return report;
      },
    );
  };
}
