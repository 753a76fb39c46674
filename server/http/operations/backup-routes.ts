import type { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorBody } from '../../../contract/errors.ts';
import type { BackupDesk } from '../../backup/backup-desk.ts';
import { nameBackup } from '../../backup/backup-folder.ts';
import { attachment } from '../attachment.ts';

export function backupRoutes({ desk }: { desk: BackupDesk }): FastifyPluginAsyncZod {
  return async app => {
    app.post(
      '/api/backup/',
      {
        config: { permission: 'administer' },
        schema: {
          tags: ['operations'],
          summary: 'Save everything that is stored, as it is now, in one file (lectern restore reads it)',
          produces: ['application/zstd'],
          response: {
            200: {
              description: 'The backup. It is whole only when the answer ends as it should.',
              content: {
                'application/zstd': {
                  schema: z.custom<Readable>().meta({ type: 'string', format: 'binary' }),
                },
              },
            },
            409: errorBody,
            503: errorBody,
            507: errorBody,
          },
        },
      },
      async (_, reply) => {
        const name = nameBackup(new Date());
        const backup = await desk.open();
        return reply
          .header('content-type', 'application/zstd')
          .header('content-disposition', attachment(name))
          .header('cache-control', 'no-store')
          .send(backup);
      },
    );
  };
}
