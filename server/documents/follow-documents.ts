import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../database/database-errors.ts';
import type { Db } from '../database/open-database.ts';
import { type DocumentChange, lastChange, listChanges } from './document-changes.ts';

/** Changes by other processes are noticed within this time. */
const POLL_MS = 250;
const MOST_CHANGES = 200;

/**
 * Tells any number of followers of the documents' changes. However many there are, the database is asked
 * once per interval, and not at all while there is none.
 */
export class DocumentFollower {
  readonly #db: Db;
  readonly #workspaceId: number;
  readonly #closing = new AbortController();
  #last = 0;
  #next: Promise<void> | undefined;

  constructor(db: Db, workspaceId: number) {
    this.#db = db;
    this.#workspaceId = workspaceId;
  }

  /**
   * The changes after that number, those that come included, until the signal or `close` ends it. A document
   * that changes often comes with its latest change only.
   */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<DocumentChange[]> {
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    for (let number = after; !ended.aborted; ) {
      const options = { after: number, limit: MOST_CHANGES };
      const changes = await listChanges(this.#db, this.#workspaceId, options);
      const last = changes.at(-1);
      if (last) {
        number = last.number;
        yield changes;
      } else await this.#changed(number, ended);
    }
  }

  /** Ends every follower's stream: clients come back with the last number that they saw. */
  close(): void {
    this.#closing.abort();
  }

  /** All who wait share one look at the counter. */
  async #changed(number: number, ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      this.#next ??= this.#poll();
      await this.#next;
      if (this.#last !== number) return;
    }
  }

  async #poll(): Promise<void> {
    await sleep(POLL_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
    try {
      this.#last = await lastChange(this.#db, this.#workspaceId);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error; // Away for now: the next look may find it.
    } finally {
      this.#next = undefined;
    }
  }
}
