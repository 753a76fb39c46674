import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { OpenDatabase } from '../database/open-database.ts';
import type { Snapshot } from '../database/snapshots/snapshot.ts';
import { RequestError, UnavailableError } from '../errors.ts';
import { askSamples, type SampleParts } from './ask-samples.ts';
import { sampleQuestions } from './sample-questions.ts';
import { writeBackup } from './write-backup.ts';

/** Makes backups of the running server, one at a time. */
export class BackupDesk {
  readonly #database: Pick<OpenDatabase, 'kind' | 'openSnapshot'>;
  readonly #samples: SampleParts | undefined;
  readonly #closing = new AbortController();
  #isWriting = false;
  /** Settles when the snapshot of the last backup is closed. */
  #last: Promise<void> = Promise.resolve();

  /** @param samples asks the sample questions; without it the backup has none. */
  constructor(database: Pick<OpenDatabase, 'kind' | 'openSnapshot'>, samples: SampleParts | undefined) {
    this.#database = database;
    this.#samples = samples;
  }

  /**
   * A backup of this moment. It is made as fast as it is read; whoever wants no more destroys it. A stream that ends
   * without an error is whole.
   *
   * @throws RequestError while another one is made; UnavailableError when the database gives no snapshot.
   */
  async open(): Promise<Readable> {
    if (this.#isWriting)
      throw new RequestError('backup_running', 'Another backup is being made. Try again later.');
    this.#isWriting = true;
    try {
      await this.#last;
      const snapshot = await this.#openSnapshot();
      const target = new PassThrough();
      // Its error is the reader's, and nobody's else.
      this.#last = this.#write(snapshot, target).catch(error => void target.destroy(error));
      // The answer begins when there is something to send: what fails before that is an error of the request.
      await Promise.race([once(target, 'readable'), once(target, 'close')]);
      return target;
    } catch (error) {
      this.#isWriting = false;
      throw error;
    }
  }

  /** Breaks off what is being made. */
  async close(): Promise<void> {
    this.#closing.abort(new UnavailableError('shutting_down', 'Lectern is shutting down.'));
    await this.#last;
  }

  async #openSnapshot(): Promise<Snapshot> {
    this.#closing.signal.throwIfAborted();
    try {
      return await this.#database.openSnapshot();
    } catch (cause) {
      const { message } = cause instanceof Error ? cause : { message: String(cause) };
      if (/ENOSPC|no space/i.test(message))
        throw new UnavailableError('storage_full', 'There is no room for a copy of the database.', { cause });
      throw new UnavailableError('database_unavailable', 'The database gives no snapshot now.', {
        cause,
        retryAfterSeconds: 5,
      });
    }
  }

  async #write({ db, close }: Snapshot, target: PassThrough): Promise<void> {
    try {
      const parts = this.#samples;
      const samples = parts ? await askSamples(db, await sampleQuestions(db), parts) : [];
      const embeddingModel = parts?.embedder.state === 'loaded' ? parts.embedder.modelName : null;
      const { kind } = this.#database;
      await writeBackup(db, target, { kind, embeddingModel, samples, signal: this.#closing.signal });
    } finally {
      this.#isWriting = false;
      await close();
    }
  }
}
