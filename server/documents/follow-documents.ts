import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../database/database-errors.ts';
import type { Db } from '../database/open-database.ts';
import { type DocumentChange, lastChange, listChanges } from './document-changes.ts';

/** Changes by other processes are noticed within this time. */
const POLL_MS = 250;
const MOST_CHANGES = 200;

/** The look at a workspace's counter that all its followers wait for. */
type Look = { last: number; next: Promise<void> | undefined; followers: number };

/**
 * Tells any number of followers of the documents' changes. However many there are, the database is asked
 * once per interval and workspace, and not at all while there is none.
 */
export class DocumentFollower {
  readonly #databaseOf: (workspaceId: number) => Db;
  readonly #closing = new AbortController();
  /** By workspace. */
  readonly #looks = new Map<number, Look>();

  /** @param databaseOf the database as a workspace has it. */
  constructor(databaseOf: (workspaceId: number) => Db) {
    this.#databaseOf = databaseOf;
  }

  /**
   * The changes after that number, those that come included, until the signal or `close` ends it. A document
   * that changes often comes with its latest change only.
   */
  async *follow(workspaceId: number, after: number, signal: AbortSignal): AsyncGenerator<DocumentChange[]> {
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    const look = this.#looks.get(workspaceId) ?? { last: 0, next: undefined, followers: 0 };
    this.#looks.set(workspaceId, look);
    look.followers++;
    try {
      for (let number = after; !ended.aborted; ) {
        const options = { after: number, limit: MOST_CHANGES };
        const changes = await listChanges(this.#databaseOf(workspaceId), workspaceId, options);
        const last = changes.at(-1);
        if (last) {
          number = last.number;
          yield changes;
        } else await this.#changed(workspaceId, look, number, ended);
      }
    } finally {
      look.followers--;
      if (look.followers === 0) this.#looks.delete(workspaceId);
    }
  }

  /** Ends every follower's stream: clients come back with the last number that they saw. */
  close(): void {
    this.#closing.abort();
  }

  /** All who wait share one look at the counter. */
  async #changed(workspaceId: number, look: Look, number: number, ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      look.next ??= this.#poll(workspaceId, look);
      await look.next;
      if (look.last !== number) return;
    }
  }

  async #poll(workspaceId: number, look: Look): Promise<void> {
    await sleep(POLL_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
    try {
      look.last = await lastChange(this.#databaseOf(workspaceId), workspaceId);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error; // Away for now: the next look may find it.
    } finally {
      look.next = undefined;
    }
  }
}
