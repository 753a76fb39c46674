/** Worker thread that holds PostgreSQL (PGlite) and serves it on a unix socket. */
import { parentPort, workerData } from 'node:worker_threads';
import { releaseMemorySoon } from '../../release-memory.ts';
import { openPGlite } from './open-pglite.ts';
import { servePGlite } from './serve-pglite.ts';

const { postgresFolder, socketPath } = workerData as { postgresFolder: string; socketPath: string };

const database = await openPGlite(postgresFolder);
const server = await servePGlite(database, socketPath);

parentPort?.on('message', async () => {
  await server.close();
  await database.close();
  parentPort?.postMessage('closed');
});
parentPort?.postMessage('ready');
releaseMemorySoon();
