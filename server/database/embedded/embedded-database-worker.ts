/** Worker thread that holds PostgreSQL (PGlite) and serves it on a unix socket. */
import { existsSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { releaseMemorySoon } from '../../release-memory.ts';
import { copyWhileUsed } from './copy-while-used.ts';
import { openPGlite } from './open-pglite.ts';
import { servePGlite } from './serve-pglite.ts';

const { postgresFolder, socketPath } = workerData as { postgresFolder: string; socketPath: string };

if (!existsSync(postgresFolder)) {
  const { createCluster } = await import('./create-cluster.ts');
  await createCluster(postgresFolder);
}
const database = await openPGlite(postgresFolder);
const server = await servePGlite(database, socketPath);

parentPort?.on('message', async (message: 'close' | { copyTo: string }) => {
  if (message === 'close') {
    await server.close();
    await database.close();
    parentPort?.postMessage('closed');
  } else parentPort?.postMessage(await copy(message.copyTo));
});
parentPort?.postMessage('ready');
releaseMemorySoon();

async function copy(folder: string): Promise<object> {
  try {
    return { copy: folder, pausedMs: await copyWhileUsed(database, postgresFolder, folder) };
  } catch (error) {
    return { copy: folder, failed: error instanceof Error ? error.message : String(error) };
  }
}
