import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../../database/database-errors.ts';
import type { Logger } from '../../logger.ts';

const PAUSES_MS = [200, 1_000, 3_000];
/** Further tries come this often, for as long as the database is away. */
const LONG_PAUSE_MS = 10_000;

/**
 * An answer is not lost because the database is away just when it ends. Never rejects.
 *
 * @param signal the process is ending: one last try, then no more.
 * @returns what `save` does; undefined when it could not be saved.
 */
export async function saveWithRetries<Saved>(
  save: () => Promise<Saved>,
  logger: Logger,
  signal: AbortSignal,
): Promise<Saved | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await save();
    } catch (error) {
      if (signal.aborted || !isDatabaseAway(error)) {
        logger.error({ err: error }, 'an answer could not be saved');
        return undefined;
      }
      logger.warn({ err: error }, 'an answer could not be saved yet');
      await sleep(PAUSES_MS[attempt] ?? LONG_PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  }
}
