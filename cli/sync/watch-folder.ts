import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FSWatcher, watch } from 'chokidar';
import { isReadableName } from '../../server/documents/reading/detect-format.ts';
import { ApiError, ServerAwayError } from '../api-errors.ts';
import { isIgnoreFile } from '../ingest/ignore-rules.ts';
import type { FolderSync, SyncResult } from './folder-sync.ts';
import type { News } from './news.ts';

export type WatchWatcher = {
  /** All that could be done is done. */
  inStep(result: SyncResult): void;
  /** The folder is away or empty: nothing is deleted for that. */
  folderGone(folder: 'away' | 'empty'): void;
  serverAway(error: Error): void;
  /** Changes may be noticed late. */
  watchingFailed(error: unknown): void;
};

type WatchOptions = {
  root: string;
  news: News;
  signal: AbortSignal;
  watcher: WatchWatcher;
  pace?: Pace;
};

export type Pace = {
  /** How long after a change the next one is waited for: an editor or a `git checkout` makes many at once. */
  gatherMs: number;
  /** How soon files that are still being written, or a folder that is away, are looked at again. */
  soonMs: number;
  /** How often everything is compared anew, whatever was noticed. */
  rescanMs: number;
  firstRetryMs: number;
  longestRetryMs: number;
};

const usualPace: Pace = {
  gatherMs: 300,
  soonMs: 1_000,
  rescanMs: 5 * 60_000,
  firstRetryMs: 1_000,
  longestRetryMs: 30_000,
};

/**
 * Runs the sync whenever the folder changes, and now and then in case a change was not noticed, until the signal is
 * aborted. While the server is away it is asked again, ever less often, and then compared as a whole.
 *
 * @throws the signal's reason; ApiError when the server wants no such client.
 */
export async function watchFolder(sync: FolderSync, options: WatchOptions): Promise<never> {
  const { news, signal, watcher, pace = usualPace } = options;
  const noticing = new Noticing(options);
  let retries = 0;
  let relistAtMs = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        news.take();
        const relist = performance.now() >= relistAtMs;
        const result = await sync.run({ relist });
        if (relist) relistAtMs = performance.now() + pace.rescanMs;
        retries = 0;
        await noticing.follow(result);
        if (result.folder !== 'there') watcher.folderGone(result.folder);
        else if (!result.unfinished) watcher.inStep(result);
        const isSoon = result.unfinished || result.folder !== 'there';
        await news.wait(isSoon ? pace.soonMs : relistAtMs - performance.now(), signal);
        if (news.isThere) await sleep(pace.gatherMs, undefined, { signal });
      } catch (error) {
        signal.throwIfAborted();
        if (!isForNow(error)) throw error;
        watcher.serverAway(error);
        relistAtMs = 0;
        await sleep(Math.min(pace.firstRetryMs * 2 ** retries, pace.longestRetryMs), undefined, { signal });
        retries += 1;
      }
    }
  } finally {
    await noticing.stop();
  }
}

/** Notices changes from the first run on, when it is known which folders are left out; as long as there is a folder. */
class Noticing {
  readonly #options: WatchOptions;
  #watching: FSWatcher | undefined;
  #skippedFolders = new Set<string>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  async follow({ folder, skippedFolders }: SyncResult): Promise<void> {
    if (folder === 'away') return this.stop();
    this.#skippedFolders = skippedFolders;
    this.#watching ??= this.#start();
  }

  async stop(): Promise<void> {
    await this.#watching?.close();
    this.#watching = undefined;
  }

  #start(): FSWatcher {
    const { root, news, watcher } = this.#options;
    return watch(root, {
      // What there is was looked at; what came since then, until all is watched, `ready` makes look for.
      ignoreInitial: true,
      followSymlinks: false,
      // A run looks at the whole folder and leaves alone what is still being written: no need to wait here.
      awaitWriteFinish: false,
      ignored: (path, stats) => path !== root && this.#isLeftOut(path, stats?.isFile() ?? false),
    })
      .on('all', () => news.tell())
      .on('ready', () => news.tell())
      .on('error', error => watcher.watchingFailed(error));
  }

  #isLeftOut(path: string, isFile: boolean): boolean {
    const name = basename(path);
    if (isIgnoreFile(name)) return false;
    if (name.startsWith('.') || name === 'node_modules' || this.#skippedFolders.has(path)) return true;
    return isFile && !isReadableName(name);
  }
}

/** It may be otherwise in a while: the server restarts, or has no room. */
function isForNow(error: unknown): error is Error {
  return error instanceof ServerAwayError || (error instanceof ApiError && [503, 507].includes(error.status));
}
