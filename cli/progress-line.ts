const EVERY_MS = 100;
const PLAIN_EVERY_MS = 10_000;

/** One line on standard error that says how far something is: rewritten on a terminal, else now and then. */
export class ProgressLine {
  readonly #isTerminal = process.stderr.isTTY;
  #shownAt = performance.now();
  #shown = '';

  show(what: string, done: number, all: number): void {
    const now = performance.now();
    if (now - this.#shownAt < (this.#isTerminal ? EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#shownAt = now;
    this.#shown = `${what} ${done}/${all}`;
    process.stderr.write(this.#isTerminal ? `\r\u001b[K${this.#shown}` : `${this.#shown}\n`);
  }

  clear(): void {
    if (this.#isTerminal && this.#shown !== '') process.stderr.write('\r\u001b[K');
    this.#shown = '';
  }
}
