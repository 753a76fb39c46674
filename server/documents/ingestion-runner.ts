import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../database/database-errors.ts';
import { AppError, UnavailableError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type DocumentRow, findDocument } from './document-store.ts';
import { failDocument, type IngestionParts, ingestDocument } from './ingest-document.ts';
import {
  extendLeases,
  type IngestionJob,
  LeaseLostError,
  leaseJob,
  MOST_ATTEMPTS,
  postponeJob,
  returnJobs,
} from './ingestion-jobs.ts';

/** Two at a time: a small file need not wait for the end of a large one. */
const CONCURRENT_JOBS = 2;
/** A wake-up can be lost (another process stored the document), so the queue is also looked at this often. */
const POLL_MS = 1_000;
const HEARTBEAT_MS = 10_000;
const RETRY_MS = 2_000;

/** Works through ingestion_jobs until it is closed. */
export class IngestionRunner {
  readonly #parts: IngestionParts;
  readonly #logger: Logger;
  readonly #owner = randomUUID();
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();
  readonly #loops: Promise<void>[] = [];
  readonly #inHand = new Set<number>();
  readonly #dropped = new Set<number>();
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(parts: IngestionParts, logger: Logger) {
    this.#parts = parts;
    this.#logger = logger;
  }

  start(): void {
    for (let count = 0; count < CONCURRENT_JOBS; count += 1) this.#loops.push(this.#work());
    this.#heartbeat = setInterval(() => {
      extendLeases(this.#parts.db, this.#owner, [...this.#inHand]).catch(error =>
        this.#logger.warn({ err: error }, 'the leases of running ingestions could not be extended'),
      );
    }, HEARTBEAT_MS);
  }

  /** There is new work. */
  wake(): void {
    this.#events.emit('work-added');
  }

  /** The document once it is ready, failed or gone (undefined); as it is now when `timeoutMs` has passed or on closing. */
  async waitFor(
    workspaceId: number,
    documentId: number,
    timeoutMs: number,
  ): Promise<DocumentRow | undefined> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const document = await findDocument(this.#parts.db, workspaceId, documentId);
      const remainingMs = deadline - performance.now();
      if (!document || document.state === 'ready' || document.state === 'failed') return document;
      if (remainingMs <= 0 || this.#closing.signal.aborted) return document;
      await this.#next(`finished:${documentId}`, Math.min(remainingMs, POLL_MS));
    }
  }

  /** Stops after the batch in hand and gives the jobs back. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#closing.abort();
    this.#events.emit('closing');
    await Promise.all(this.#loops);
    const left = [...this.#inHand, ...this.#dropped];
    await returnJobs(this.#parts.db, this.#owner, left).catch(error =>
      this.#logger.warn({ err: error }, 'the jobs could not be given back; their leases run out'),
    );
  }

  async #work(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        await this.#returnDropped();
        const job = await leaseJob(this.#parts.db, this.#owner);
        if (job) await this.#run(job);
        else await this.#next('work-added', POLL_MS);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (error instanceof LeaseLostError) continue; // Deleted while its failure was being noted.
        this.#logger.warn({ err: error }, 'the ingestion queue is out of reach, trying again');
        await sleep(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
      }
    }
  }

  /** Jobs that were dropped because the database was away go back to the queue once it is there again. */
  async #returnDropped(): Promise<void> {
    const dropped = [...this.#dropped];
    await returnJobs(this.#parts.db, this.#owner, dropped);
    for (const id of dropped) this.#dropped.delete(id);
  }

  async #run(job: IngestionJob): Promise<void> {
    this.#inHand.add(job.id);
    try {
      if (job.attempts > MOST_ATTEMPTS) return await this.#giveUp(job);
      await ingestDocument(this.#parts, job, this.#closing.signal);
      this.#logger.info({ documentId: job.documentId }, 'document ready');
    } catch (error) {
      if (error instanceof LeaseLostError || this.#closing.signal.aborted) return;
      await this.#handleFailure(job, error);
    } finally {
      // When the process is ending, close() gives back what is in hand.
      if (!this.#closing.signal.aborted) this.#inHand.delete(job.id);
      this.#events.emit(`finished:${job.documentId}`);
    }
  }

  /** What is only away for now is waited for; anything else is told to the person who uploaded. */
  async #handleFailure(job: IngestionJob, error: unknown): Promise<void> {
    const level = isDatabaseAway(error) ? 'warn' : 'error';
    this.#logger[level](
      { err: error, documentId: job.documentId, attempt: job.attempts },
      'ingestion failed',
    );
    if (isDatabaseAway(error)) return void this.#dropped.add(job.id);
    if (error instanceof UnavailableError && job.attempts < MOST_ATTEMPTS)
      return postponeJob(this.#parts.db, job);
    const { code, message } =
      error instanceof AppError
        ? error
        : {
            code: 'document_failed',
            message: 'The document could not be processed; the log has the reason.',
          };
    await failDocument(this.#parts.db, job, code, message);
  }

  async #giveUp(job: IngestionJob): Promise<void> {
    this.#logger.error({ documentId: job.documentId }, 'ingestion given up');
    const message = `Processing was interrupted ${MOST_ATTEMPTS} times. Upload the file again to try once more.`;
    await failDocument(this.#parts.db, job, 'document_failed', message);
  }

  /** The event, or the time, or closing: whichever comes first. */
  async #next(event: string, timeoutMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    this.#events.once(event, resolve);
    this.#events.once('closing', resolve);
    await promise;
    clearTimeout(timer);
    this.#events.off(event, resolve);
    this.#events.off('closing', resolve);
  }
}
