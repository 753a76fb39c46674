import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackupContent, checkBackup } from '../../server/backup/read-backup.ts';
import { writeBackup } from '../../server/backup/write-backup.ts';
import {
  type BareDatabase,
  openBareEmbedded,
  openBareNative,
} from '../../server/database/snapshots/open-session.ts';

export type Place = { LECTERN_DATA_DIR: string; DATABASE_URL?: string };

/** What stands in a database that nobody uses, as it is before a start changes a row of it. */
export async function readSums({ LECTERN_DATA_DIR, DATABASE_URL }: Place): Promise<BackupContent> {
  const { db, close }: BareDatabase =
    DATABASE_URL === undefined
      ? await openBareEmbedded(LECTERN_DATA_DIR, error => {
          throw error;
        })
      : openBareNative(DATABASE_URL);
  const folder = await mkdtemp(join(tmpdir(), 'lectern-sums-'));
  const path = join(folder, 'again.backup');
  try {
    await db
      .transaction()
      .execute(trx =>
        writeBackup(trx, createWriteStream(path), { kind: 'native', embeddingModel: null, samples: [] }),
      );
    return await checkBackup(path);
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
}
