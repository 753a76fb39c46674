import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../database/database-errors.ts';
import type { Logger } from '../logger.ts';

const PAUSES_MS = [200, 1_000, 3_000, 10_000];

/** An answer is not lost because the database restarts just when it ends. Never rejects. */
export async function saveWithRetries(save: () => Promise<void>, logger: Logger): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await save();
    } catch (error) {
      const pauseMs = PAUSES_MS[attempt];
      if (pauseMs === undefined || !isDatabaseAway(error)) {
        logger.error({ err: error }, 'an answer could not be saved');
        return;
      }
      logger.warn({ err: error }, 'an answer could not be saved yet');
      await sleep(pauseMs);
    }
  }
}
