import { fieldOf, settingFields, whyFixed } from '../../config/changeable-settings.ts';
import { overlaySettings } from '../../config/overlay-settings.ts';
import type { Config } from '../../config.ts';
import { isDatabaseAway } from '../../database/database-errors.ts';
import type { OpenDatabase } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';
import { readRevision, readSettings, type StoredSettings } from './setting-store.ts';

/** A notice of another process can be lost, and behind a pooler none comes. */
const LOOK_MS = 1_000;

type Parts = {
  database: Pick<OpenDatabase, 'db' | 'kind' | 'notices'>;
  logger: Logger;
};

/**
 * The settings in effect: those of the environment with what administrators have changed. `config` stays the same
 * object, and its values change: whoever asks it each time has the newest.
 */
export class RunningSettings {
  /** As the environment says. */
  readonly environment: Config;
  readonly config: Config;
  readonly #parts: Parts;
  #stored: StoredSettings = { settings: [], revision: 0 };
  #refreshing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #endNotices: (() => void) | undefined;

  constructor(environment: Config, parts: Parts) {
    this.environment = environment;
    this.config = { ...environment };
    this.#parts = parts;
  }

  get stored(): StoredSettings {
    return this.#stored;
  }

  /** Reads what is stored, and follows its changes from then on. */
  async start(): Promise<void> {
    await this.refresh();
    const { database } = this.#parts;
    this.#endNotices = database.notices.on('settings-changed', () => void this.#look());
    // The embedded database has one process, which tells itself.
    if (database.kind === 'native') this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  /** Puts into effect what is stored now. */
  refresh(): Promise<void> {
    const refreshing = this.#refreshing.then(() => this.#refresh());
    this.#refreshing = refreshing.catch(() => {});
    return refreshing;
  }

  /** Tells other processes that something was changed. */
  tell(): void {
    this.#parts.database.notices.send('settings-changed');
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#endNotices?.();
    await this.#refreshing;
  }

  async #look(): Promise<void> {
    const { database, logger } = this.#parts;
    try {
      if ((await readRevision(database.db)) !== this.#stored.revision) await this.refresh();
    } catch (error) {
      // The next look finds it.
      const level = isDatabaseAway(error) ? 'debug' : 'warn';
      logger[level]({ err: error }, 'changed settings could not be read');
    }
  }

  async #refresh(): Promise<void> {
    const { database, logger } = this.#parts;
    const stored = await readSettings(database.db);
    const { environment } = this;
    // What was changed while a language model was connected says nothing without one.
    const texts = stored.settings.filter(({ name }) => {
      const field = fieldOf(name);
      return field !== undefined && whyFixed(environment, field) === undefined;
    });
    const { config, problems } = overlaySettings(
      environment,
      new Map(texts.map(({ name, value }) => [name, value])),
    );
    if (problems.length > 0)
      // The environment of this process does not go with it: it may have been changed since.
      logger.error(
        { problems: problems.map(({ message }) => message) },
        'what was changed in the administration does not go with the environment: the environment holds',
      );
    const next = problems.length > 0 ? environment : config;
    // Field by field: what is not set may be no key of the environment's.
    Object.assign(this.config, Object.fromEntries(settingFields.map(field => [field, next[field]])));
    const isNew = stored.revision !== this.#stored.revision;
    this.#stored = stored;
    if (isNew) logger.info({ revision: stored.revision }, 'settings of the administration are in effect');
  }
}
