import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { document } from '../../../contract/documents.ts';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import type { Db } from '../../database/open-database.ts';
import { cancelIngestion } from '../../documents/cancel-ingestion.ts';
import { getDocument, listNextVersions } from '../../documents/document-store.ts';
import type { IngestionRunner } from '../../documents/ingestion/ingestion-runner.ts';
import { reprocessDocument } from '../../documents/replace-document.ts';
import { toDocument } from './to-document.ts';

type Parts = { runner: IngestionRunner };

const work = {
  tags: ['documents'],
  params: z.object({ id: idInPath }),
  response: { 202: document, 404: errorBody },
};

/** What begins and ends the processing of documents; both answer with the document as it is then. */
export function documentWorkRoutes({ runner }: Parts): FastifyPluginAsyncZod {
  const read = async (db: Db, workspaceId: number, id: number) => {
    const row = await getDocument(db, workspaceId, id);
    const [next] = await listNextVersions(db, workspaceId, [id]);
    return toDocument(row, next);
  };
  return async app => {
    app.post(
      '/api/document/:id/reprocess/',
      { config: { permission: 'write' }, schema: { ...work, summary: 'Process the document’s file again' } },
      async ({ params: { id }, workspaceId, db }, reply) => {
        await reprocessDocument(db, workspaceId, id);
        const then = await read(db, workspaceId, id);
        runner.wake();
        return reply.status(202).send(then);
      },
    );
    app.post(
      '/api/document/:id/cancel/',
      { config: { permission: 'write' }, schema: { ...work, summary: 'End the processing of a document' } },
      async ({ params: { id }, workspaceId, db }, reply) => {
        await cancelIngestion(db, workspaceId, id);
        runner.sweep();
        return reply.status(202).send(await read(db, workspaceId, id));
      },
    );
  };
}
