import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { StartError } from '../../errors.ts';

export type EmbeddedDatabase = {
  /** Folder of the unix socket: the `host` that `pg` wants. */
  socketFolder: string;
  /**
   * Copies the folder of the database as it is at one moment.
   *
   * @returns milliseconds for which the database was paused.
   */
  copyTo(folder: string): Promise<number>;
  close(): Promise<void>;
};

/**
 * Starts PostgreSQL (PGlite with pgvector) in a worker thread behind a unix socket. Where there is no cluster it makes one,
 * which has the tables of this Lectern or none. The caller holds the data folder's lock. `onLost` is called when the
 * thread ends by itself.
 */
export async function startEmbeddedDatabase(
  dataDir: string,
  onLost: (error: Error) => void,
): Promise<EmbeddedDatabase> {
  const postgresFolder = join(dataDir, 'postgres');
  // Not in the data folder: a socket's path may have 107 characters only. Nothing is waited for until the thread starts.
  const socketFolder = mkdtempSync(join(tmpdir(), 'lectern-'));
  const worker = new Worker(new URL('./embedded-database-worker.ts', import.meta.url), {
    workerData: { postgresFolder, socketPath: join(socketFolder, '.s.PGSQL.5432') },
    // Messages of the protocol are all this heap sees: a large young generation would only lie resident.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  try {
    await messageOf(worker, 'ready');
  } catch (error) {
    await rm(socketFolder, { recursive: true, force: true });
    const message = existsSync(postgresFolder)
      ? `The embedded database in ${postgresFolder} does not open. Restore a backup, or move the folder away to start empty.`
      : `The embedded database could not be created in ${postgresFolder}.`;
    throw new StartError(message, { cause: error });
  }
  let closing = false;
  worker.on('error', error => onLost(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', code => {
    if (!closing) onLost(new Error(`the embedded database ended with code ${code}`));
  });
  return {
    socketFolder,
    copyTo: folder => askForCopy(worker, folder),
    async close() {
      closing = true;
      const closed = messageOf(worker, 'closed');
      worker.postMessage('close');
      await closed;
      await worker.terminate();
      await rm(socketFolder, { recursive: true, force: true });
    },
  };
}

const copyAnswer = z.object({
  copy: z.string(),
  pausedMs: z.number().optional(),
  failed: z.string().optional(),
});

async function askForCopy(worker: Worker, folder: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const onMessage = (message: unknown) => {
    const answer = copyAnswer.safeParse(message).data;
    if (answer?.copy !== folder) return;
    if (answer.pausedMs === undefined) reject(new Error(`the database was not copied: ${answer.failed}`));
    else resolve(answer.pausedMs);
  };
  const onExit = () => reject(new Error('the embedded database ended'));
  worker.on('message', onMessage);
  worker.on('exit', onExit);
  worker.postMessage({ copyTo: folder });
  return promise.finally(() => {
    worker.off('message', onMessage);
    worker.off('exit', onExit);
  });
}

/** Waits for one message; `node --watch` sends others of its own. */
function messageOf(worker: Worker, wanted: 'ready' | 'closed'): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopListening = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (message: unknown) => {
      if (message !== wanted) return;
      stopListening();
      resolve();
    };
    const onError = (error: Error) => {
      stopListening();
      reject(error);
    };
    const onExit = (code: number) => {
      stopListening();
      reject(new Error(`the embedded database ended with code ${code}`));
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}
