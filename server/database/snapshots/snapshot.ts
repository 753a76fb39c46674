import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ControlledTransaction, sql } from 'kysely';
import type pg from 'pg';
import type { Logger } from '../../logger.ts';
import { serveCopy } from '../embedded/serve-copy.ts';
import type { Schema } from '../schema.ts';
import { openSession } from './open-session.ts';

export type Snapshot = {
  /** All tables as they were at one moment; nothing can be changed through it. */
  db: ControlledTransaction<Schema>;
  close(): Promise<void>;
};

const COPY_PREFIX = 'backup-copy-';

/** Of a native database: one transaction, which blocks nobody, on a connection of its own. */
export function openNativeSnapshot(databaseUrl: string): Promise<Snapshot> {
  return beginSnapshot({ connectionString: databaseUrl, application_name: 'lectern backup' }, async () => {});
}

/**
 * Of the embedded database: a copy of its folder, because a transaction would hold up everybody in its one session.
 *
 * @param copyTo copies the folder of the running database.
 */
export async function openEmbeddedSnapshot(
  dataDir: string,
  copyTo: (folder: string) => Promise<number>,
  logger: Logger,
): Promise<Snapshot> {
  await removeCopies(dataDir);
  const folder = await mkdtemp(join(dataDir, COPY_PREFIX));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'postgres');
    logger.debug({ pausedMs: Math.round(await copyTo(copy)) }, 'the embedded database was copied');
    const { socketFolder, close } = await serveCopy(copy);
    return await beginSnapshot({ host: socketFolder, user: 'postgres', database: 'postgres' }, async () => {
      await close();
      await remove();
    });
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Left behind by a process that was killed. */
async function removeCopies(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const left = (await readdir(dataDir)).filter(name => name.startsWith(COPY_PREFIX));
  for (const name of left) await rm(join(dataDir, name), { recursive: true, force: true });
}

async function beginSnapshot(settings: pg.PoolConfig, closeServer: () => Promise<void>): Promise<Snapshot> {
  const db = openSession(settings);
  const close = async () => {
    await db.destroy();
    await closeServer();
  };
  try {
    const snapshot = await db
      .startTransaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute();
    // Rather an error than a backup that lacks the rows which a policy hides.
    await sql`SET LOCAL row_security = off`.execute(snapshot);
    return {
      db: snapshot,
      async close() {
        // A lost connection has ended it already.
        await snapshot
          .rollback()
          .execute()
          .catch(() => {});
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
