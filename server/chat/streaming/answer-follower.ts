import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../../database/database-errors.ts';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';
import { findStoredAnswer, listRunning } from '../../sessions/stored-answer.ts';
import { type MessageKey, readPieces } from '../../sessions/stream-event-store.ts';
import type { NumberedEvent } from './answer-log.ts';
import { RunningAnswer } from './running-answer.ts';

/** Writers save five times a second. */
const POLL_MS = 150;

type Followed = { message: MessageKey; answer: RunningAnswer; readers: number };

/**
 * Follows answers that other processes write, by what these save. However many readers an answer has, it is read
 * once; while there is none the database is not asked.
 */
export class AnswerFollower {
  readonly #db: Db;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #followed = new Map<number, Followed>();
  #loop: Promise<void> | undefined;

  constructor(db: Db, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  /** The events after that number and those that come; ends without a last event when the process stops. */
  async *read(message: MessageKey, after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent[]> {
    const followed = this.#followed.get(message.messageId) ?? {
      message,
      answer: new RunningAnswer(message.messageId),
      readers: 0,
    };
    this.#followed.set(message.messageId, followed);
    followed.readers += 1;
    this.#loop ??= this.#run();
    try {
      yield* followed.answer.read(after, AbortSignal.any([signal, this.#closing.signal]));
    } finally {
      followed.readers -= 1;
      if (followed.readers === 0) this.#followed.delete(message.messageId);
    }
  }

  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    while (this.#followed.size > 0 && !this.#closing.signal.aborted) {
      await this.#poll().catch(error => {
        if (!isDatabaseAway(error))
          this.#logger.error({ err: error }, 'running answers could not be followed');
      });
      await sleep(POLL_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
    this.#loop = undefined;
  }

  async #poll(): Promise<void> {
    const followed = [...this.#followed.values()].filter(({ answer }) => !answer.isOver);
    if (followed.length === 0) return;
    const messages = followed.map(({ message }) => message);
    // Before the pieces: one that ended meanwhile has them all.
    const running = await listRunning(this.#db, messages);
    const wanted = followed.map(({ message, answer }) => ({ ...message, after: answer.sequence }));
    for (const { messageId, piece } of await readPieces(this.#db, wanted))
      this.#followed.get(messageId)?.answer.extend(piece);
    for (const { message, answer } of followed)
      if (!running.has(message.messageId)) await this.#finish(message, answer);
  }

  /** The rest comes from the message as it was saved at its end. */
  async #finish(message: MessageKey, answer: RunningAnswer): Promise<void> {
    const stored = await findStoredAnswer(forWorkspace(this.#db, message.workspaceId), message);
    if (stored?.stream) answer.extend(stored.stream);
    else if (!stored)
      answer.append({
        type: 'error',
        code: 'not_found',
        message: 'The session was deleted.',
        retryable: false,
        message_id: message.messageId,
      });
  }
}
