import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';
import { searchTerms } from './search-terms.ts';

/** Messages whose terms are saved in one statement: some 50 ms on the embedded database. */
const BATCH = 50;
/** What is said meanwhile goes with it: many answers at a time cost few statements. */
const GATHERING_MS = 1_000;
/** Whoever searches waits for so many; the rest is found a moment later. */
const MOST_BATCHES_AWAITED = 4;

type Options = { db: Db; backgroundDb: Db; logger: Logger };

/**
 * Writes the terms that messages are found by, in the background, so that no answer waits for them. What is
 * left to do stands in the database: nothing is lost when the process ends.
 */
export class MessageIndexer {
  readonly #options: Options;
  #working: Promise<void> | undefined;
  #again = false;
  readonly #closing = new AbortController();

  constructor(options: Options) {
    this.#options = options;
  }

  /** There are new messages. */
  wake(): void {
    this.#again = true;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** For a search: what was said up to now is found, unless there is very much of it. */
  async catchUp(): Promise<void> {
    for (let batch = 0; batch < MOST_BATCHES_AWAITED; batch += 1)
      if ((await indexBatch(this.#options.db)) < BATCH) return;
    this.wake();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    try {
      const { signal } = this.#closing;
      for (let hasMore = false; hasMore || this.#again; signal.throwIfAborted()) {
        if (!hasMore) await delay(GATHERING_MS, undefined, { signal });
        this.#again = false;
        hasMore = (await indexBatch(this.#options.backgroundDb)) === BATCH;
      }
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      // The next message or search tries again.
      this.#options.logger.warn({ err: error }, 'messages could not be indexed yet');
    }
  }
}

/** Returns how many messages there were. */
async function indexBatch(db: Db): Promise<number> {
  const messages = await db
    .selectFrom('messages')
    .select(['workspace_id', 'id', 'content'])
    .where('search_terms', 'is', null)
    .where('state', '<>', 'running')
    .orderBy('id', 'desc')
    .limit(BATCH)
    .execute();
  if (messages.length === 0) return 0;
  const rows: object[] = [];
  for (const { workspace_id, id, content } of messages) {
    rows.push({ workspace_id, id, terms: searchTerms(content) });
    // A long answer takes milliseconds: streams go on in between.
    await nextTurn();
  }
  // Locked in the order of their ids: two processes, or a search and the background, may have the same ones.
  await sql`
    /* prepared: message-terms */
    WITH left_to_do AS (
      SELECT messages.workspace_id, messages.id, found.terms FROM messages
      JOIN jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS found (workspace_id bigint, id bigint, terms text[])
        ON messages.workspace_id = found.workspace_id AND messages.id = found.id
      WHERE messages.search_terms IS NULL AND messages.state <> 'running'
      ORDER BY messages.id FOR UPDATE OF messages
    )
    UPDATE messages SET search_terms = array_to_tsvector(left_to_do.terms) FROM left_to_do
    WHERE messages.workspace_id = left_to_do.workspace_id AND messages.id = left_to_do.id`.execute(db);
  return messages.length;
}
