import { setTimeout as sleep } from 'node:timers/promises';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { NotFoundError, RequestError, UnavailableError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { endAnswerLeases, extendAnswerLeases } from '../../sessions/answer-leases.ts';
import { KeyInUseError } from '../../sessions/begin-answer.ts';
import { findAnswerByKey, type IdempotencyKey } from '../../sessions/idempotency-keys.ts';
import {
  findStoredAnswer,
  listRunning,
  requestStop,
  type StoredAnswer,
} from '../../sessions/stored-answer.ts';
import { type MessageKey, removeFinishedPieces } from '../../sessions/stream-event-store.ts';
import type { AdmitQuestion } from '../accounting/admit-question.ts';
import type { Prices } from '../accounting/prices.ts';
import type { TokenBudget } from '../context/build-context.ts';
import { AnswerFollower } from '../streaming/answer-follower.ts';
import type { NumberedEvent } from '../streaming/answer-log.ts';
import { interruptAbandoned } from '../streaming/interrupt-abandoned.ts';
import { ReaderPacer } from '../streaming/reader-pacer.ts';
import { RunningAnswer } from '../streaming/running-answer.ts';
import { StreamEventSaver } from '../streaming/stream-event-saver.ts';
import { Admission } from './admission.ts';
import { AnswerEnding } from './answer-ending.ts';
import type { AnswerGraph } from './answer-graph.ts';
import { type AnswerParts, answerQuestion, type Question } from './answer-question.ts';

const HEARTBEAT_MS = 10_000;
/** Questions that are searched at once: enough for the threads that compute, few enough that the first are soon answered. */
const MOST_SEARCHES = 8;
/** Other processes look for stops five times a second, and an answer that is stopped has to be saved. */
const STOP_WAIT_MS = 2_000;
const STOP_POLL_MS = 100;

type Options = {
  db: Db;
  /** For what nobody waits for. */
  backgroundDb: Db;
  loadGraph: () => Promise<AnswerGraph>;
  budget: TokenBudget;
  prices: Prices;
  admit: AdmitQuestion;
  logger: Logger;
  /** This process, for the leases of its answers. */
  owner: string;
  /** For its search; a question that would have to wait longer is refused. */
  longestWaitMs: () => number;
  /** Told of every answer that was written here, once it is saved. */
  onSaved: (answer: MessageKey & { sessionId: number }) => void;
};

/**
 * Takes a place for an answer before anything of it is saved. Throws when its sender has none left.
 *
 * @returns what gives it back, told the tokens that the answer took.
 */
export type ClaimAnswer = () => Promise<(tokens: number) => void>;

/** An answer's events, from where the reader is, batch by batch. */
export type AnswerStream = {
  messageId: number;
  /** The answer has ended, and the reader has seen its end. */
  isSeen: boolean;
  read(signal: AbortSignal): AsyncIterable<NumberedEvent[]>;
};

type Run = {
  message: MessageKey;
  sessionId: number;
  answer: RunningAnswer;
  abort: AbortController;
  saved: Promise<void>;
};

/**
 * Where answers are asked for, followed and stopped, whichever process writes them. Keeps the leases of those that
 * are written here and lets them finish at the end.
 */
export class AnswerDesk {
  readonly #parts: AnswerParts;
  readonly #backgroundDb: Db;
  readonly #onSaved: Options['onSaved'];
  readonly #saver: StreamEventSaver;
  readonly #follower: AnswerFollower;
  /** Written by this process, by message id. */
  readonly #runs = new Map<number, Run>();
  #draining = false;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor({ backgroundDb, onSaved, longestWaitMs, ...options }: Options) {
    const { pace } = new ReaderPacer(() => this.#runs.size);
    this.#parts = { ...options, pace, admission: new Admission(MOST_SEARCHES, longestWaitMs) };
    this.#backgroundDb = backgroundDb;
    this.#onSaved = onSaved;
    this.#saver = new StreamEventSaver(options.db, options.logger);
    this.#follower = new AnswerFollower(options.db, options.logger);
  }

  /** Answers that this process writes now. */
  get running(): number {
    return this.#runs.size;
  }

  /** Also ends what a process that died has left behind. */
  async start(): Promise<void> {
    await this.#tidy();
    this.#heartbeat = setInterval(() => {
      this.#tidy().catch(error =>
        this.#parts.logger.warn({ err: error }, 'the leases of running answers could not be extended'),
      );
    }, HEARTBEAT_MS);
  }

  /**
   * Saves the question and starts its answer. With a key that came before, it is the answer of then.
   *
   * @throws NotFoundError, RequestError session_busy, message_too_large, idempotency_key_reused,
   * UnavailableError shutting_down, overloaded, and what `claim` throws.
   */
  async begin(
    question: Question,
    {
      claim = async () => () => {},
      idempotency,
    }: { claim?: ClaimAnswer; idempotency?: IdempotencyKey | undefined },
  ): Promise<AnswerStream> {
    const { workspaceId } = question;
    const known = idempotency && (await this.#findByKey(workspaceId, idempotency));
    if (known) return known;
    if (this.#draining)
      throw new UnavailableError('shutting_down', 'The server is stopping.', { retryAfterSeconds: 5 });
    try {
      return await this.#run(question, claim, idempotency);
    } catch (error) {
      // The same request at the same time: the session is busy with its answer.
      const mayBeKnown =
        error instanceof KeyInUseError || (error instanceof RequestError && error.code === 'session_busy');
      const other = mayBeKnown && idempotency && (await this.#findByKey(workspaceId, idempotency));
      if (!other) throw error;
      return other;
    }
  }

  /**
   * The answer's events after that sequence number, and those that come.
   *
   * @throws NotFoundError when there is no such answer.
   */
  async follow(message: MessageKey, after: number): Promise<AnswerStream> {
    const { messageId } = message;
    const run = this.#findRun(message);
    if (run) return streamOf(run.answer, after);
    const stored = await findStoredAnswer(this.#dbOf(message), message);
    if (!stored) throw new NotFoundError('answer');
    if (!stored.stream)
      return { messageId, isSeen: false, read: signal => this.#follower.read(message, after, signal) };
    const answer = new RunningAnswer(messageId);
    answer.extend(stored.stream);
    return streamOf(answer, after);
  }

  /**
   * Ends the answer with what it has so far. One that has ended already stays as it is.
   *
   * @returns how it stands, which is still `running` when the process that writes it does not react.
   * @throws NotFoundError when there is no such answer.
   */
  async stop(message: MessageKey): Promise<Pick<StoredAnswer, 'state' | 'finishReason'>> {
    const run = this.#findRun(message);
    if (run) {
      run.abort.abort(new AnswerEnding('stopped'));
      await withLimit(run.saved, STOP_WAIT_MS);
    } else if (await requestStop(this.#dbOf(message), message)) await this.#untilEnded(message);
    const stored = await findStoredAnswer(this.#dbOf(message), message);
    if (!stored) throw new NotFoundError('answer');
    return stored;
  }

  /** A process with this owner's name has died: what it was writing is interrupted at once, with what it had saved. */
  async releaseDead(owner: string): Promise<void> {
    await endAnswerLeases(this.#parts.db, owner);
    await this.#tidy();
  }

  /** The session is deleted: what this process writes for it ends; other processes notice by themselves. */
  endSession(workspaceId: number, sessionId: number): void {
    for (const { message, sessionId: own, abort } of this.#runs.values())
      if (own === sessionId && message.workspaceId === workspaceId) abort.abort(new AnswerEnding('gone'));
  }

  /** Lets running answers finish for `drainMs`, then interrupts the rest and saves what they have. */
  async close(drainMs: number): Promise<void> {
    this.#draining = true;
    clearInterval(this.#heartbeat);
    this.#follower.close();
    const finished = Promise.all([...this.#runs.values()].map(({ saved }) => saved));
    if (await withLimit(finished, drainMs)) return;
    for (const { abort } of this.#runs.values()) abort.abort(new AnswerEnding('shutting-down'));
    await finished;
  }

  async #run(
    question: Question,
    claim: ClaimAnswer,
    idempotency: IdempotencyKey | undefined,
  ): Promise<AnswerStream> {
    const abort = new AbortController();
    const arrived = this.#parts.admission.expect();
    const giveBack = await claim().catch(error => {
      arrived();
      throw error;
    });
    const { answer, saved } = await answerQuestion(this.#parts, question, { idempotency, abort })
      .catch(error => {
        giveBack(0);
        throw error;
      })
      .finally(arrived);
    const { messageId } = answer;
    const { workspaceId, sessionId } = question;
    const message = { workspaceId, messageId };
    this.#runs.set(messageId, { message, sessionId, answer, abort, saved });
    this.#saver.add(message, answer, why => abort.abort(new AnswerEnding(why)));
    saved.finally(() => {
      this.#runs.delete(messageId);
      this.#saver.remove(messageId);
      giveBack((answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0));
      this.#onSaved({ ...message, sessionId });
    });
    return streamOf(answer, 0);
  }

  #findRun({ workspaceId, messageId }: MessageKey): Run | undefined {
    const run = this.#runs.get(messageId);
    return run?.message.workspaceId === workspaceId ? run : undefined;
  }

  async #findByKey(workspaceId: number, key: IdempotencyKey): Promise<AnswerStream | undefined> {
    const messageId = await findAnswerByKey(this.#dbOf({ workspaceId }), workspaceId, key);
    return messageId === undefined ? undefined : this.follow({ workspaceId, messageId }, 0);
  }

  #dbOf({ workspaceId }: { workspaceId: number }): Db {
    return forWorkspace(this.#parts.db, workspaceId);
  }

  async #untilEnded(message: MessageKey): Promise<void> {
    for (const endMs = performance.now() + STOP_WAIT_MS; performance.now() < endMs; await sleep(STOP_POLL_MS))
      if ((await listRunning(this.#dbOf(message), [message])).size === 0) return;
  }

  async #tidy(): Promise<void> {
    await extendAnswerLeases(this.#parts.db, [...this.#runs.keys()]);
    const interrupted = await interruptAbandoned(this.#parts.db);
    if (interrupted > 0) this.#parts.logger.warn({ interrupted }, 'answers were interrupted by a crash');
    while ((await removeFinishedPieces(this.#backgroundDb)) > 0);
  }
}

const streamOf = (answer: RunningAnswer, after: number): AnswerStream => ({
  messageId: answer.messageId,
  isSeen: answer.isOver && after >= answer.sequence,
  read: signal => answer.read(after, signal),
});

/** @returns whether it settled in time. */
async function withLimit(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const timer = new AbortController();
  const inTime = await Promise.race([work.then(() => true), sleep(limitMs, false, { signal: timer.signal })]);
  timer.abort();
  return inTime;
}
