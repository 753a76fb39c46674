import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway, isDiskFull } from '../../database/database-errors.ts';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Notices } from '../../database/notices.ts';
import type { DocumentState } from '../../database/schema.ts';
import { AppError, DocumentError, UnavailableError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { withSpan } from '../../observing/with-span.ts';
import { forgetDeletions } from '../document-changes.ts';
import { type DocumentRow, findDocument, listNextVersions, type NextVersionRow } from '../document-store.ts';
import { deleteAbandonedFiles } from '../file-store.ts';
import { IndexMerger } from '../lexical-index/index-merger.ts';
import { clearFailedVersions, purgePastVersions } from '../retire-version.ts';
import { type IngestionParts, ingestDocument } from './ingest-document.ts';
import {
  endJobLeases,
  extendLeases,
  type IngestionJob,
  LeaseLostError,
  leaseJob,
  MOST_ATTEMPTS,
  postponeJob,
  returnJobs,
} from './ingestion-jobs.ts';
import { failVersion } from './version-store.ts';

/** A notice of another process can be lost, so the queue is also looked at this often. */
const POLL_MS = 1_000;
const HEARTBEAT_MS = 10_000;
const RETRY_MS = 2_000;
/** How often what failures, replacements and lost uploads have left behind is looked for. */
const SWEEP_MS = 60_000;

type Options = {
  logger: Logger;
  /** Of this database: the document may be stored here and processed elsewhere. */
  notices: Notices;
  /** For the leases of its jobs. */
  owner: string;
  /** Jobs at a time; one more is kept for small files, which never wait for the end of large ones. */
  concurrency: number;
};

/** What the person who uploaded is told. */
function toAppError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (isDiskFull(cause))
    return new AppError('storage_full', 'The disk is full. Try again once there is space.', { cause });
  const message = 'The document could not be processed; the log has the reason.';
  return new AppError('document_failed', message, { cause });
}

export type WatchedDocument = { document: DocumentRow; next: NextVersionRow | undefined };

const hasEnded = (state: DocumentState) => state === 'ready' || state === 'failed';

/** Works through ingestion_jobs until it is closed. */
export class IngestionRunner {
  readonly #parts: IngestionParts;
  readonly #logger: Logger;
  readonly #concurrency: number;
  readonly #owner: string;
  readonly #notices: Notices;
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();
  readonly #merger: IndexMerger;
  readonly #loops: Promise<void>[] = [];
  readonly #inHand = new Set<number>();
  readonly #dropped = new Set<number>();
  #heartbeat: NodeJS.Timeout | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(parts: IngestionParts, { logger, notices, owner, concurrency }: Options) {
    this.#parts = parts;
    this.#logger = logger;
    this.#notices = notices;
    this.#owner = owner;
    this.#concurrency = concurrency;
    notices.on('work-added', () => this.#events.emit('work-added'));
    notices.on('document-finished', id => this.#events.emit(`finished:${id}`));
    this.#merger = new IndexMerger(parts.db, logger);
  }

  start(): void {
    for (let count = 0; count < this.#concurrency; count += 1)
      this.#loops.push(this.#work({ smallOnly: false }));
    this.#loops.push(this.#work({ smallOnly: true }));
    this.sweep();
    this.#sweeper = setInterval(() => this.sweep(), SWEEP_MS);
    this.#heartbeat = setInterval(() => {
      extendLeases(this.#parts.db, this.#owner, [...this.#inHand]).catch(error =>
        this.#logger.warn({ err: error }, 'the leases of running ingestions could not be extended'),
      );
    }, HEARTBEAT_MS);
  }

  /** There is new work. */
  wake(): void {
    this.#notices.send('work-added');
  }

  /** A process with this owner's name has died: its jobs go on at once. */
  async releaseDead(owner: string): Promise<void> {
    await endJobLeases(this.#parts.db, owner);
    this.wake();
  }

  /** Removes what failures, replacements and lost uploads have left behind. */
  sweep(): void {
    const { db } = this.#parts;
    this.#sweeping = this.#sweeping.then(async () => {
      if (this.#closing.signal.aborted) return;
      try {
        await purgePastVersions(db);
        await clearFailedVersions(db);
        await deleteAbandonedFiles(db);
        await forgetDeletions(db);
        await this.#merger.wakeAll();
      } catch (error) {
        this.#logger.warn({ err: error }, 'what is left behind could not be removed, trying again later');
      }
    });
  }

  /**
   * The document once the work on it, or on it and its replacement, has ended; undefined when it is gone; as it
   * is when `timeoutMs` has passed or on closing.
   */
  async waitFor(
    workspaceId: number,
    documentId: number,
    { timeoutMs, isReplacement }: { timeoutMs: number; isReplacement: boolean },
  ): Promise<WatchedDocument | undefined> {
    const db = forWorkspace(this.#parts.db, workspaceId);
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const document = await findDocument(db, workspaceId, documentId);
      if (!document) return undefined;
      const [next] = await listNextVersions(db, workspaceId, [documentId]);
      const isDone = hasEnded(document.state) && (!isReplacement || !next || hasEnded(next.state));
      const remainingMs = deadline - performance.now();
      if (isDone || remainingMs <= 0 || this.#closing.signal.aborted) return { document, next };
      await this.#next(`finished:${documentId}`, Math.min(remainingMs, POLL_MS));
    }
  }

  /** Stops after the batch in hand and gives the jobs back. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    clearInterval(this.#sweeper);
    this.#closing.abort();
    this.#events.emit('closing');
    await Promise.all([...this.#loops, this.#sweeping, this.#merger.close()]);
    const left = [...this.#inHand, ...this.#dropped];
    await returnJobs(this.#parts.db, this.#owner, left).catch(error =>
      this.#logger.warn({ err: error }, 'the jobs could not be given back; their leases run out'),
    );
  }

  async #work(kind: { smallOnly: boolean }): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        await this.#returnDropped();
        const job = await leaseJob(this.#parts.db, this.#owner, kind);
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
      const attributes = { 'lectern.document_id': job.documentId, 'lectern.attempt': job.attempts };
      const isDone = await withSpan('ingestion', attributes, () =>
        ingestDocument(this.#parts, job, this.#closing.signal),
      );
      if (isDone) {
        this.#logger.info({ documentId: job.documentId }, 'document ready');
        this.#merger.wake(job.workspaceId);
      } else await returnJobs(this.#parts.db, this.#owner, [job.id]);
    } catch (error) {
      if (error instanceof LeaseLostError || this.#closing.signal.aborted) return;
      await this.#handleFailure(job, error);
    } finally {
      // When the process is ending, close() gives back what is in hand.
      if (!this.#closing.signal.aborted) this.#inHand.delete(job.id);
      this.#notices.send('document-finished', job.documentId);
    }
  }

  /** What is only away for now is waited for; anything else is told to the person who uploaded. */
  async #handleFailure(job: IngestionJob, error: unknown): Promise<void> {
    // A file that can't be read is its sender's matter, not the operator's.
    const level = error instanceof DocumentError ? 'info' : isDatabaseAway(error) ? 'warn' : 'error';
    this.#logger[level](
      { err: error, documentId: job.documentId, attempt: job.attempts },
      'ingestion failed',
    );
    if (isDatabaseAway(error)) return void this.#dropped.add(job.id);
    if (error instanceof UnavailableError && job.attempts < MOST_ATTEMPTS)
      return postponeJob(this.#parts.db, job);
    const { code, message } = toAppError(error);
    await this.#fail(job, code, message);
  }

  async #giveUp(job: IngestionJob): Promise<void> {
    this.#logger.error({ documentId: job.documentId }, 'ingestion given up');
    const message = `Processing was interrupted ${MOST_ATTEMPTS} times without getting any further. Try again, or upload the file again.`;
    await this.#fail(job, 'document_failed', message);
  }

  async #fail(job: IngestionJob, code: string, message: string): Promise<void> {
    const db = forWorkspace(this.#parts.db, job.workspaceId);
    await db.transaction().execute(trx => failVersion(trx, job, code, message));
    this.sweep();
  }

  /** The event, or the time, or closing: whichever comes first. */
  async #next(event: string, timeoutMs: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
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
