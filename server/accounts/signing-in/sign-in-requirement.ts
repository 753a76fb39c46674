import { isDatabaseAway } from '../../database/database-errors.ts';
import type { Db, Trx } from '../../database/open-database.ts';

/** An account made by another process is noticed within this time. */
const LOOK_MS = 1_000;

/**
 * Whether requests need someone to answer for them: always where other machines reach the server, and on
 * a loopback address from the first account on.
 */
export class SignInRequirement {
  readonly #db: Db;
  readonly #isShared: boolean;
  #isRequired: boolean;
  #lookedAt = 0;

  /** @param isShared other processes may make accounts in this database. */
  constructor(db: Db, { isPublic, isShared }: { isPublic: boolean; isShared: boolean }) {
    this.#db = db;
    this.#isShared = isShared;
    this.#isRequired = isPublic;
  }

  /** Looks whether there are accounts; before the first request. */
  async look(): Promise<void> {
    this.#lookedAt = Date.now();
    const found = await this.#db.selectFrom('users').select('id').limit(1).executeTakeFirst();
    if (found) this.#isRequired = true;
  }

  isRequired(): boolean {
    if (!this.#isRequired && this.#isShared && Date.now() - this.#lookedAt > LOOK_MS)
      // Nobody waits for it: without accounts, requests need no database to be allowed.
      this.look().catch(error => {
        if (!isDatabaseAway(error)) throw error;
      });
    return this.#isRequired;
  }

  /** An account was made: from now on it is needed. */
  require(): void {
    this.#isRequired = true;
  }
}

/** Whether there is someone who may administer the server. */
export async function hasAdmin(db: Db | Trx): Promise<boolean> {
  const admin = await db
    .selectFrom('users')
    .select('id')
    .where('is_admin', '=', true)
    .where('disabled_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return admin !== undefined;
}
