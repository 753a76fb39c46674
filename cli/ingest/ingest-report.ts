import { SingleBar } from 'cli-progress';
import { paint, printable } from '../terminal.ts';
import { countChunks } from './count-chunks.ts';
import type { Failure, FoundFile, FoundFiles } from './find-files.ts';
import type { IngestWatcher, Outcome } from './ingest-files.ts';

/** What became of the files, for the summary. */
export class IngestReport implements IngestWatcher {
  readonly #found: FoundFiles;
  readonly #failures: Failure[];
  readonly #display: IngestWatcher & { close(): void };
  #ready = 0;
  #there = 0;

  constructor(found: FoundFiles) {
    this.#found = found;
    this.#failures = [...found.failed];
    const watched = process.stdout.isTTY && process.stderr.isTTY;
    this.#display = watched ? new ProgressBar(found.files) : plainLines;
  }

  progressed(file: FoundFile, fraction: number): void {
    this.#display.progressed(file, fraction);
  }

  ended(file: FoundFile, outcome: Outcome): void {
    if (outcome.state === 'ready') this.#ready += 1;
    else if (outcome.state === 'there') this.#there += 1;
    else this.#failures.push({ path: file.path, reason: outcome.reason });
    this.#display.ended(file, outcome);
  }

  get failed(): boolean {
    return this.#failures.length > 0;
  }

  /** Prints what failed and why, then one line with all counts. */
  finish(): void {
    this.#display.close();
    for (const { path, reason } of this.#failures)
      process.stderr.write(
        `${paint(process.stderr, 'red', 'failed')} ${printable(path)}: ${printable(reason)}\n`,
      );
    const { files, skipped, linksOutside } = this.#found;
    for (const path of linksOutside)
      process.stderr.write(`left out ${printable(path)}: the link leads out of the folder\n`);
    const counts = [`${this.#ready} ready`, `${this.#there} already there`];
    const untried =
      files.length + this.#found.failed.length - this.#ready - this.#there - this.#failures.length;
    if (untried > 0) counts.push(`${untried} not finished`);
    const reasons = [...skipped].map(([reason, count]) => `${count} ${reason}`).join(', ');
    const skippedCount = [...skipped.values()].reduce((sum, count) => sum + count, 0);
    counts.push(`${skippedCount} skipped${reasons && ` (${reasons})`}`, `${this.#failures.length} failed`);
    process.stdout.write(`${counts.join(', ')}\n`);
  }
}

/** A line for every file that was taken, for logs and pipes. What failed is told at the end. */
const plainLines = {
  progressed() {},
  ended({ path }: FoundFile, outcome: Outcome) {
    if (outcome.state === 'ready')
      process.stdout.write(`ready ${printable(path)} (${countChunks(outcome.chunks)})\n`);
    if (outcome.state === 'there') process.stdout.write(`already there ${printable(path)}\n`);
  },
  close() {},
};

/** One bar over all files, by their sizes. */
class ProgressBar {
  readonly #bar: SingleBar;
  readonly #doneBytes = new Map<FoundFile, number>();
  #totalDone = 0;
  #ended = 0;

  constructor(files: FoundFile[]) {
    this.#bar = new SingleBar({
      format: '{bar} {percentage}%  {ended} of {count} files',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      clearOnComplete: true,
      // The cursor stays: whatever ends this process then leaves the terminal as it was.
      hideCursor: false,
      stream: process.stderr,
    });
    // An empty file is some work too.
    const total = files.reduce((sum, file) => sum + weight(file), 0);
    this.#bar.start(total, 0, { ended: 0, count: files.length });
  }

  progressed(file: FoundFile, fraction: number): void {
    const done = fraction * weight(file);
    this.#totalDone += done - (this.#doneBytes.get(file) ?? 0);
    this.#doneBytes.set(file, done);
    this.#bar.update(this.#totalDone, { ended: this.#ended });
  }

  ended(file: FoundFile): void {
    this.#ended += 1;
    this.progressed(file, 1);
    this.#doneBytes.delete(file);
  }

  close(): void {
    this.#bar.stop();
  }
}

const weight = ({ sizeBytes }: FoundFile) => sizeBytes + 1;
