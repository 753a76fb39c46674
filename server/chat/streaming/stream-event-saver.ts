import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';
import { type MessageKey, type PieceOfMessage, savePieces } from '../../sessions/stream-event-store.ts';
import type { RunningAnswer } from './running-answer.ts';

/** A crash loses what came since the last write, and the time that the write takes. */
const INTERVAL_MS = 200;
/** Also when the database is slow others get their turn. */
const LEAST_PAUSE_MS = 20;

type Saved = {
  message: MessageKey;
  answer: RunningAnswer;
  savedSequence: number;
  onEnd: (why: 'stopped' | 'gone') => void;
};

/**
 * Writes what the running answers of this process have sent to the database, all of them in one statement, and with
 * it learns which of them are to end.
 */
export class StreamEventSaver {
  readonly #db: Db;
  readonly #logger: Logger;
  /** By message id. */
  readonly #answers = new Map<number, Saved>();
  #loop: Promise<void> | undefined;

  constructor(db: Db, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  /**
   * @param onEnd is told, perhaps several times, that the answer was stopped by somebody elsewhere, or that it is gone
   * with its session.
   */
  add(message: MessageKey, answer: RunningAnswer, onEnd: Saved['onEnd']): void {
    this.#answers.set(message.messageId, { message, answer, savedSequence: 0, onEnd });
    this.#loop ??= this.#run();
  }

  /** For an answer that is saved whole. */
  remove(messageId: number): void {
    this.#answers.delete(messageId);
  }

  async #run(): Promise<void> {
    for (let nextMs = performance.now() + INTERVAL_MS; this.#answers.size > 0; ) {
      await sleep(Math.max(LEAST_PAUSE_MS, nextMs - performance.now()));
      nextMs = performance.now() + INTERVAL_MS;
      if (this.#answers.size === 0) break; // The database may be closed by now.
      await this.#saveAll().catch(error =>
        // They are kept here, and the next write has them.
        this.#logger.warn({ err: error }, 'the events of running answers could not be saved yet'),
      );
    }
    this.#loop = undefined;
  }

  async #saveAll(): Promise<void> {
    const answers = [...this.#answers.values()];
    const pieces = answers.flatMap(({ message, answer, savedSequence }): PieceOfMessage[] => {
      const piece = answer.pieceAfter(savedSequence);
      return piece ? [{ ...message, ...piece }] : [];
    });
    const running = answers.map(({ message }) => message);
    const flags = await savePieces(this.#db, pieces, running);
    for (const { messageId, sequence } of pieces) {
      const saved = this.#answers.get(messageId);
      if (saved) saved.savedSequence = sequence;
    }
    for (const { messageId, isRunning, stopRequested } of flags) {
      const saved = this.#answers.get(messageId);
      // One that is over is just being saved as finished.
      if (!isRunning && !saved?.answer.isOver) saved?.onEnd('gone');
      else if (stopRequested) saved?.onEnd('stopped');
    }
  }
}
