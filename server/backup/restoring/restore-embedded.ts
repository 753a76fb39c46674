import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockDataFolder } from '../../database/data-folder-lock.ts';
import { openBareEmbedded } from '../../database/snapshots/open-session.ts';
import { findContent } from './find-content.ts';
import { type RestoreReport, restoreDatabase } from './restore-database.ts';
import { RestoreError } from './restore-error.ts';
import { describeFull } from './restore-native.ts';

type Options = Parameters<typeof restoreDatabase>[1] & {
  replace: boolean;
  onDatabaseLost: (error: Error) => void;
};

/**
 * Restores into a data folder that nobody uses. The new database is made beside the old one and takes its place when
 * it is whole and compared: until then nothing has changed.
 */
export async function restoreEmbedded(
  dataDir: string,
  { replace, onDatabaseLost, ...options }: Options,
): Promise<RestoreReport> {
  const lock = lockDataFolder(dataDir);
  const unfinished = join(dataDir, 'restoring');
  const [present, replaced] = [join(dataDir, 'postgres'), join(dataDir, 'postgres.replaced')];
  try {
    await rm(unfinished, { recursive: true, force: true });
    // A restore that was cut short between the two renames below.
    if (!existsSync(present) && existsSync(replaced)) await rename(replaced, present);
    if (existsSync(present)) await refuseFull(dataDir, replace, onDatabaseLost);
    await mkdir(unfinished, { mode: 0o700 });
    const { db, close } = await openBareEmbedded(unfinished, onDatabaseLost);
    const report = await restoreDatabase(db, options).finally(close);
    await rm(replaced, { recursive: true, force: true });
    if (existsSync(present)) await rename(present, replaced);
    await rename(join(unfinished, 'postgres'), present);
    await rm(replaced, { recursive: true, force: true });
    return report;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    lock.release();
  }
}

async function refuseFull(
  dataDir: string,
  replace: boolean,
  onDatabaseLost: (error: Error) => void,
): Promise<void> {
  // Also a database that does not open any more can be replaced.
  if (replace) return;
  const { db, close } = await openBareEmbedded(dataDir, onDatabaseLost);
  const content = await findContent(db).finally(close);
  if (content !== 'empty') throw new RestoreError(describeFull(content));
}
