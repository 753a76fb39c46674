import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresPool, PostgresPoolClient } from 'kysely';

/** A question has several statements: background work keeps out of the pauses between them. */
const LINGER_MS = 4;
/** However busy the foreground is, background work gets a turn after this time. */
const MOST_WAIT_MS = 8;
const POLL_MS = 1;

/**
 * Shares the one session of the embedded database: what people wait for goes first, background work takes its
 * turn one transaction at a time when nobody does. With a queue in order of arrival every statement of a
 * question would wait for a transaction of each running ingestion.
 */
export class ForegroundFirst {
  readonly foreground: PostgresPool;
  readonly background: PostgresPool;
  /** Foreground statements and transactions that run or wait. */
  #active = 0;
  #lastEnd = Number.NEGATIVE_INFINITY;
  /** Settles when the background transaction before has ended. */
  #background: Promise<void> = Promise.resolve();

  constructor(pool: PostgresPool) {
    const { options } = pool;
    this.foreground = { options, end: () => pool.end(), connect: () => this.#connectForeground(pool) };
    // Whoever ends the foreground ends the pool that both share.
    this.background = { options, end: async () => {}, connect: () => this.#connectBackground(pool) };
  }

  async #connectForeground(pool: PostgresPool): Promise<PostgresPoolClient> {
    this.#active += 1;
    const done = () => {
      this.#active -= 1;
      this.#lastEnd = performance.now();
    };
    return connect(pool, done);
  }

  async #connectBackground(pool: PostgresPool): Promise<PostgresPoolClient> {
    const before = this.#background;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#background = promise;
    await before;
    await this.#quiet();
    return connect(pool, resolve);
  }

  async #quiet(): Promise<void> {
    const deadline = performance.now() + MOST_WAIT_MS;
    while (this.#isBusy() && performance.now() < deadline) await sleep(POLL_MS);
  }

  #isBusy(): boolean {
    return this.#active > 0 || performance.now() - this.#lastEnd < LINGER_MS;
  }
}

/** @param done is called once, when the client is given back or there is none. */
async function connect(pool: PostgresPool, done: () => void): Promise<PostgresPoolClient> {
  try {
    const client = await pool.connect();
    // The pool's own client stays as it is: others may get it next.
    return Object.create(client, {
      query: { value: client.query.bind(client) },
      release: {
        value: (...why: Parameters<typeof client.release>) => {
          client.release(...why);
          done();
        },
      },
    });
  } catch (error) {
    done();
    throw error;
  }
}
