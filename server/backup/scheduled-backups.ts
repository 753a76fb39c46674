import { join } from 'node:path';
import type { Logger } from '../logger.ts';
import type { BackupDesk } from './backup-desk.ts';
import { isBeingSaved, listBackups, nameBackup, removeOldBackups, UNFINISHED } from './backup-folder.ts';
import { saveBackup } from './save-backup.ts';

type Options = {
  desk: BackupDesk;
  folder: string;
  everyMs: number;
  /** How many stay. */
  keep: number;
  logger: Logger;
};

/** After a failure. */
const AGAIN_MS = 600_000;
/** Of a timer: what other processes have saved meanwhile is seen, and a clock that was set is noticed. */
const LONGEST_SLEEP_MS = 600_000;

/** Saves a backup whenever the newest in the folder is old enough, whoever has made it. */
export class ScheduledBackups {
  readonly #options: Options;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> | undefined;
  #isClosed = false;
  #lastAt: Date | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Of the newest backup, as of the last look into the folder. */
  get lastAt(): Date | undefined {
    return this.#lastAt;
  }

  start(): void {
    this.#sleep(0);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#saving;
  }

  #sleep(ms: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#saving = this.#saveWhenDue();
    }, ms).unref();
  }

  async #saveWhenDue(): Promise<void> {
    const { folder, everyMs, keep, logger } = this.#options;
    try {
      const waitMs = await this.#timeUntilDue();
      if (waitMs > 0) return this.#sleep(Math.min(waitMs, LONGEST_SLEEP_MS));
      if (await isBeingSaved(folder)) return this.#sleep(Math.min(everyMs, LONGEST_SLEEP_MS));
      const path = join(folder, nameBackup(new Date()));
      const startedAt = performance.now();
      const bytes = await saveBackup(() => this.#options.desk.open(), path, {
        unfinished: join(folder, UNFINISHED),
      });
      this.#lastAt = new Date();
      logger.info({ path, bytes, ms: Math.round(performance.now() - startedAt) }, 'backup saved');
      await removeOldBackups(folder, keep);
      this.#sleep(Math.min(everyMs, LONGEST_SLEEP_MS));
    } catch (error) {
      if (!this.#isClosed) logger.error({ err: error, folder }, 'the backup failed; it is tried again soon');
      this.#sleep(Math.min(everyMs, AGAIN_MS));
    }
  }

  async #timeUntilDue(): Promise<number> {
    const { folder, everyMs } = this.#options;
    const [newest] = await listBackups(folder);
    this.#lastAt = newest?.madeAt;
    return newest ? newest.madeAt.getTime() + everyMs - Date.now() : 0;
  }
}
