import type { ApiClient, Document } from '../api-client.ts';
import { ApiError, FileError } from '../api-errors.ts';
import { awaitDocument, type Processed } from '../ingest/await-document.ts';
import { toSource } from './document-source.ts';
import { HashCache } from './hash-cache.ts';
import { lookAtFolder } from './look-at-folder.ts';
import { type LocalFile, planSync, type RemoteDocument, type SyncPlan } from './plan-sync.ts';

/** Told what is done; paths are those of files, sources those of documents. */
export type SyncWatcher = {
  sent(path: string, chunks: number): void;
  replaced(path: string, chunks: number): void;
  moved(from: string, path: string): void;
  deleted(source: string): void;
  /** The bytes are there in a document that does not come from this folder: it stays as it is. */
  foundElsewhere(path: string): void;
  failed(path: string, reason: string): void;
};

export type SyncResult = {
  /** `away` and `empty` (but for the folder's documents): nothing was done. */
  folder: 'there' | 'away' | 'empty';
  /** Whether there is more to do already: files that are still being written, news, a server that knew better. */
  unfinished: boolean;
  /** How many files the server has. */
  inStep: number;
  /** Of all that was found, readable or not. */
  paths: Set<string>;
  skippedFolders: Set<string>;
};

type SyncOptions = {
  client: Pick<
    ApiClient,
    | 'deleteDocument'
    | 'findDocument'
    | 'getDocument'
    | 'listDocuments'
    | 'replaceDocument'
    | 'setSource'
    | 'uploadDocument'
  >;
  /** Absolute and without links. */
  root: string;
  exclude: readonly string[];
  signal: AbortSignal;
  watcher: SyncWatcher;
  /** How long a file must be left alone before it is sent. */
  settleMs: number;
  /** Whether something has changed since the run began: what is left to send then waits for the next run. */
  hasNews?: () => boolean;
};

type Send = SyncPlan['sends'][number];

const FILES_AT_ONCE = 4;

/** Brings the documents of a server in step with a folder, run by run. */
export class FolderSync {
  readonly #options: SyncOptions;
  readonly #hashes = new HashCache();
  readonly #prefix: string;
  /** The folder's documents as they were listed, and changed since; undefined when they have to be listed. */
  #documents: Map<number, RemoteDocument> | undefined;
  /** Hashes that documents from elsewhere have. */
  readonly #elsewhere = new Set<string>();
  /** Sources with the hash that the server could not make use of: another try would end the same. */
  readonly #refused = new Map<string, string>();

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#prefix = toSource(options.root).replace(/\/*$/, '/');
  }

  /**
   * @param relist whether to ask the server for all documents again.
   * @throws ServerAwayError, or ApiError that concerns every request.
   */
  async run({ relist }: { relist: boolean }): Promise<SyncResult> {
    const look = await lookAtFolder(this.#options.root, { ...this.#options, hashes: this.#hashes });
    const nothing = {
      unfinished: false,
      inStep: 0,
      paths: new Set<string>(),
      skippedFolders: new Set<string>(),
    };
    if (!look) return { ...nothing, folder: 'away' };
    for (const { path, reason } of look.failures) this.#options.watcher.failed(path, reason);
    const documents = await this.#listDocuments(relist);
    // An unmounted drive leaves an empty folder behind.
    if (look.files.length === 0 && !look.unsettled && documents.size > 0)
      return { ...nothing, folder: 'empty' };
    const plan = planSync(look.files, [...documents.values()], look.isUnknown);
    for (const { file, document } of plan.moves) await this.#try(file, () => this.#move(file, document));
    for (const document of plan.deletions) await this.#try(document, () => this.#delete(document));
    const isSent = await this.#sendAll(plan.sends.filter(send => this.#isWorthSending(send)));
    return {
      folder: 'there',
      unfinished: look.unsettled || !isSent || this.#documents === undefined,
      inStep: planSync(look.files, [...documents.values()]).inStep,
      paths: new Set([...look.files, ...look.failures].map(({ path }) => path)),
      skippedFolders: look.skippedFolders,
    };
  }

  async #listDocuments(relist: boolean): Promise<Map<number, RemoteDocument>> {
    if (this.#documents && !relist) return this.#documents;
    const listed = await this.#options.client.listDocuments(this.#prefix);
    const documents = listed.filter(({ state }) => state !== 'deleting').map(toRemoteDocument);
    this.#elsewhere.clear();
    this.#documents = new Map(documents.map(document => [document.documentId, document]));
    return this.#documents;
  }

  #isWorthSending({ file: { source, sha256 }, document }: Send): boolean {
    return this.#refused.get(source) !== sha256 && (document !== undefined || !this.#elsewhere.has(sha256));
  }

  async #move(file: LocalFile, document: RemoteDocument): Promise<void> {
    await this.#options.client.setSource(document.documentId, file.source);
    this.#options.watcher.moved(document.source, file.path);
    document.source = file.source;
  }

  /** Only what still has the source of a file that is gone: somebody else may have given it another. */
  async #delete(document: RemoteDocument): Promise<void> {
    const { client, watcher } = this.#options;
    const { source } = await client.getDocument(document.documentId);
    if (source !== document.source) return this.#forgetDocuments();
    await client.deleteDocument(document.documentId);
    this.#documents?.delete(document.documentId);
    watcher.deleted(source);
  }

  /** @returns whether all was sent. */
  async #sendAll(sends: Send[]): Promise<boolean> {
    const queue = sends.values();
    let isStopped = false;
    const work = async () => {
      for (const { file, document } of queue) {
        isStopped ||= this.#options.hasNews?.() === true;
        if (isStopped) return;
        await this.#try(file, () => (document ? this.#replace(file, document) : this.#upload(file)));
      }
    };
    const results = await Promise.allSettled(Array.from({ length: FILES_AT_ONCE }, work));
    const failed = results.find(result => result.status === 'rejected');
    if (failed) throw failed.reason;
    return !isStopped;
  }

  async #upload(file: LocalFile): Promise<void> {
    const { client, watcher } = this.#options;
    const known = await client.findDocument(file.sha256);
    if (known) return this.#noteElsewhere(file, known.source);
    const answer = await client.uploadDocument(file.path, file.source);
    if (answer.duplicate) return this.#noteElsewhere(file, null);
    const document = { documentId: answer.document_id, ...file, failed: false };
    this.#documents?.set(document.documentId, document);
    const chunks = await this.#await(file, document);
    if (chunks !== undefined) watcher.sent(file.path, chunks);
  }

  async #replace(file: LocalFile, document: RemoteDocument): Promise<void> {
    const { watcher } = this.#options;
    if (!(await this.#sendInstead(file, document))) {
      // What is left here is the old content.
      this.#noteElsewhere(file, null);
      return this.#delete(document);
    }
    document.sha256 = file.sha256;
    const chunks = await this.#await(file, document);
    if (chunks !== undefined) watcher.replaced(file.path, chunks);
  }

  /** @returns false when another document has the new content. */
  async #sendInstead(file: LocalFile, document: RemoteDocument): Promise<boolean> {
    if (this.#elsewhere.has(file.sha256)) return false;
    try {
      await this.#options.client.replaceDocument(document.documentId, file.path);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'document_duplicate') return false;
      throw error;
    }
  }

  /** @returns how many chunks it became; undefined when the server failed at it. */
  async #await(file: LocalFile, document: RemoteDocument): Promise<number | undefined> {
    const { client, signal } = this.#options;
    const processed: Processed = await awaitDocument(client, document.documentId, { signal });
    document.failed = processed.state === 'failed';
    if (processed.state === 'ready') return processed.chunks;
    this.#refuse(file, processed.reason);
    return undefined;
  }

  /** A document that should have been listed, by its source, means that the list is out of date. */
  #noteElsewhere(file: LocalFile, source: string | null): void {
    if (source?.startsWith(this.#prefix)) this.#forgetDocuments();
    else {
      this.#elsewhere.add(file.sha256);
      this.#options.watcher.foundElsewhere(file.path);
    }
  }

  #refuse({ path, source, sha256 }: LocalFile, reason: string): void {
    this.#refused.set(source, sha256);
    this.#options.watcher.failed(path, reason);
  }

  #forgetDocuments(): void {
    this.#documents = undefined;
  }

  /** What concerns one file or document only does not stop the others. */
  async #try(concerned: LocalFile | RemoteDocument, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (error instanceof ApiError && error.status === 404) return this.#forgetDocuments();
      const isItsOwn = error instanceof FileError || (error instanceof ApiError && !error.concernsAll);
      if (!isItsOwn) throw error;
      if ('path' in concerned && isFinal(error)) this.#refuse(concerned, error.message);
      else
        this.#options.watcher.failed('path' in concerned ? concerned.path : concerned.source, error.message);
    }
  }
}

/** Sending the same bytes again would be refused again. */
function isFinal(error: ApiError | FileError): boolean {
  return (
    error instanceof ApiError &&
    [409, 413, 415, 422].includes(error.status) &&
    error.code !== 'quota_exceeded'
  );
}

/** With the bytes that it is going to have, when a new version is in the making. */
function toRemoteDocument(document: Document): RemoteDocument {
  const { sha256, state } = document.replacement ?? document;
  return { documentId: document.id, source: document.source ?? '', sha256, failed: state === 'failed' };
}
