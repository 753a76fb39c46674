/** Up to so many answers at once every one is sent as it comes. */
const UNPACED = 50;
/** Answers whose readers are woken within a millisecond: a write to a socket takes some 20 µs, and so does the rest. */
const PER_MS = 20;
/** What the readers of many answers wait at most; nobody sees that text came 50 ms later. */
const MOST_MS = 50;

/**
 * Decides how soon the readers of an answer are woken: within the same turn of the event loop, or, when many answers
 * run at once, together with all others a few dozen times a second. Tokens that come in between leave together.
 */
export class ReaderPacer {
  readonly #countRunning: () => number;
  readonly #due: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(countRunning: () => number) {
    this.#countRunning = countRunning;
  }

  readonly pace = (wake: () => void): void => {
    const running = this.#countRunning();
    if (running <= UNPACED) {
      setImmediate(wake);
      return;
    }
    this.#due.push(wake);
    this.#timer ??= setTimeout(() => this.#wakeAll(), Math.min(MOST_MS, running / PER_MS));
  };

  #wakeAll(): void {
    this.#timer = undefined;
    for (const wake of this.#due.splice(0)) wake();
  }
}
