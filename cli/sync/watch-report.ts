import { countChunks } from '../ingest/count-chunks.ts';
import { printable, printError } from '../terminal.ts';
import type { SyncResult, SyncWatcher } from './folder-sync.ts';
import type { WatchWatcher } from './watch-folder.ts';

/** Prints what is done, a line each, and counts it for the summary. */
export class WatchReport implements SyncWatcher, WatchWatcher {
  readonly #root: string;
  readonly #counts = { sent: 0, replaced: 0, moved: 0, deleted: 0 };
  /** Files that are not in step, with the reason that was told. */
  readonly #failures = new Map<string, string>();
  readonly #elsewhere = new Set<string>();
  /** The last line about the state as a whole: it is not said twice in a row. */
  #state = '';

  constructor(root: string) {
    this.#root = root;
  }

  sent(path: string, chunks: number): void {
    this.#counts.sent += 1;
    this.#done(path, `sent ${path} (${countChunks(chunks)})`);
  }

  replaced(path: string, chunks: number): void {
    this.#counts.replaced += 1;
    this.#done(path, `replaced ${path} (${countChunks(chunks)})`);
  }

  moved(from: string, path: string): void {
    this.#counts.moved += 1;
    this.#done(path, `moved ${toPath(from)} to ${path}`);
  }

  deleted(source: string): void {
    this.#counts.deleted += 1;
    this.#done(toPath(source), `deleted ${toPath(source)}`);
  }

  foundElsewhere(path: string): void {
    this.#failures.delete(path);
    if (this.#elsewhere.has(path)) return;
    this.#elsewhere.add(path);
    print(`already there ${path} (as a document from elsewhere, which stays as it is)`);
  }

  failed(path: string, reason: string): void {
    if (this.#failures.get(path) === reason) return;
    this.#failures.set(path, reason);
    this.#state = '';
    process.stderr.write(`failed ${printable(path)}: ${printable(reason)}\n`);
  }

  inStep({ inStep, paths }: SyncResult): void {
    for (const path of this.#failures.keys()) if (!paths.has(path)) this.#failures.delete(path);
    this.#say(`${inStep === 1 ? '1 file is' : `${inStep} files are`} in step; watching ${this.#root}`);
  }

  folderGone(folder: 'away' | 'empty'): void {
    const what = folder === 'away' ? 'is away' : 'is empty';
    this.#say(`${this.#root} ${what}: its documents stay until it is back`);
  }

  serverAway(error: Error): void {
    const message = `${error.message} Trying again until it is back.`;
    if (this.#state === message) return;
    this.#state = message;
    printError(message);
  }

  watchingFailed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    printError(`Not all of ${this.#root} can be watched (${reason}). It is compared every few minutes.`);
  }

  /** Whether all that could be read is on the server. */
  get isWhole(): boolean {
    return this.#failures.size === 0;
  }

  finish(): void {
    const { sent, replaced, moved, deleted } = this.#counts;
    print(
      `${sent} sent, ${replaced} replaced, ${moved} moved, ${deleted} deleted, ${this.#failures.size} failed`,
    );
  }

  #done(path: string, line: string): void {
    this.#failures.delete(path);
    this.#elsewhere.delete(path);
    this.#state = '';
    print(line);
  }

  #say(line: string): void {
    if (this.#state === line) return;
    this.#state = line;
    print(line);
  }
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** The path in a source of this machine, for people. */
function toPath(source: string): string {
  return URL.canParse(source) ? decodeURIComponent(new URL(source).pathname) : source;
}
