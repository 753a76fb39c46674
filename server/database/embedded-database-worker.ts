/** Worker thread that holds PostgreSQL (PGlite) and serves it on a unix socket. */
import { parentPort, workerData } from 'node:worker_threads';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { releaseMemory } from '../release-memory.ts';
import { openPGlite } from './open-pglite.ts';

const { postgresFolder, socketPath } = workerData as { postgresFolder: string; socketPath: string };

const database = await openPGlite(postgresFolder);
const socketServer = new PGLiteSocketServer({ db: database, path: socketPath });
await socketServer.start();

parentPort?.on('message', async () => {
  await socketServer.stop();
  await database.close();
  parentPort?.postMessage('closed');
});
parentPort?.postMessage('ready');
releaseMemory();
