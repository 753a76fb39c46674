import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../database/open-database.ts';
import { UnavailableError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { extendAnswerLeases, interruptAbandonedAnswers } from '../sessions/message-store.ts';
import type { AnswerGraph } from './answer-graph.ts';
import { type AnswerParts, answerQuestion, type Question } from './answer-question.ts';
import type { TokenBudget } from './build-context.ts';
import type { RunningAnswer } from './running-answer.ts';

const HEARTBEAT_MS = 10_000;

type Options = { db: Db; graph: AnswerGraph; budget: TokenBudget; writerName: string; logger: Logger };

/** The answers that run in this process: starts them, keeps their leases and lets them finish at the end. */
export class AnswerRunner {
  readonly #parts: AnswerParts;
  /** By message id. */
  readonly #running = new Map<number, Promise<void>>();
  readonly #abort = new AbortController();
  #draining = false;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#parts = { ...options, owner: randomUUID() };
  }

  /** Also marks what a process that died has left behind. */
  async start(): Promise<void> {
    await this.#tidy();
    this.#heartbeat = setInterval(() => {
      this.#tidy().catch(error =>
        this.#parts.logger.warn({ err: error }, 'the leases of running answers could not be extended'),
      );
    }, HEARTBEAT_MS);
  }

  /** @throws NotFoundError, RequestError session_busy, UnavailableError shutting_down. */
  async begin(question: Question): Promise<RunningAnswer> {
    if (this.#draining)
      throw new UnavailableError('shutting_down', 'The server is stopping.', { retryAfterSeconds: 5 });
    const { answer, saved } = await answerQuestion(this.#parts, question, this.#abort.signal);
    this.#running.set(answer.messageId, saved);
    saved.finally(() => this.#running.delete(answer.messageId));
    return answer;
  }

  /** Lets running answers finish for `drainMs`, then interrupts the rest and saves what they have. */
  async close(drainMs: number): Promise<void> {
    this.#draining = true;
    clearInterval(this.#heartbeat);
    const finished = Promise.all(this.#running.values()).then(() => true);
    const timer = new AbortController();
    const inTime = await Promise.race([finished, sleep(drainMs, false, { signal: timer.signal })]);
    timer.abort();
    if (inTime) return;
    this.#abort.abort();
    await finished;
  }

  async #tidy(): Promise<void> {
    await extendAnswerLeases(this.#parts.db, [...this.#running.keys()]);
    const interrupted = await interruptAbandonedAnswers(this.#parts.db);
    if (interrupted > 0) this.#parts.logger.warn({ interrupted }, 'answers were interrupted by a crash');
  }
}
