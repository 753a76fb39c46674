/** What makes backups: when somebody asks, and when they are due. */

import type { SampleParts } from '../backup/ask-samples.ts';
import { BackupDesk } from '../backup/backup-desk.ts';
import { ScheduledBackups } from '../backup/scheduled-backups.ts';
import type { Config } from '../config.ts';
import type { OpenDatabase } from '../database/open-database.ts';

export function createBackups(config: Config, database: OpenDatabase, samples: SampleParts) {
  const desk = new BackupDesk(database, samples);
  const { backupFolder: folder, backupEveryHours, backupKeep: keep } = config;
  const { logger } = samples;
  const schedule =
    folder === undefined
      ? undefined
      : new ScheduledBackups({ desk, folder, everyMs: 3_600_000 * backupEveryHours, keep, logger });
  return {
    desk,
    lastAt: () => schedule?.lastAt,
    start: () => schedule?.start(),
    async close() {
      await desk.close();
      await schedule?.close();
    },
  };
}
