import { UnavailableError } from '../../errors.ts';

/** The weight of the last place that was given back in the mean of how long they are held. */
const NEWEST = 0.1;

/**
 * Lets so many answers prepare at once, in order of arrival. A thousand questions at the same moment would otherwise
 * all be searched at once and all wait for the last one: like this the first are written while others are searched.
 */
export class Admission {
  readonly #places: number;
  readonly #longestWaitMs: () => number;
  #free: number;
  #meanMs = 0;
  readonly #waiting = new Set<() => void>();
  #expected = 0;

  /** @param longestWaitMs see `expect`. */
  constructor(places: number, longestWaitMs = () => Number.POSITIVE_INFINITY) {
    this.#places = places;
    this.#longestWaitMs = longestWaitMs;
    this.#free = places;
  }

  /**
   * To be asked before there is anything to be prepared: one more will enter. It counts from now on, or all that come
   * at the same moment would be let in before the first of them waits.
   *
   * @returns to be called once it enters or does not come; a second call does nothing.
   * @throws UnavailableError overloaded when it would have to wait longer than it may, by how many wait or are expected
   * and how long places were held of late.
   */
  expect(): () => void {
    const before = Math.max(0, this.#waiting.size + this.#expected - this.#free);
    const waitMs = (before * this.#meanMs) / this.#places;
    const longestWaitMs = this.#longestWaitMs();
    if (waitMs > longestWaitMs)
      throw new UnavailableError(
        'overloaded',
        'Too many questions wait for their answers. Try again in a moment.',
        {
          retryAfterSeconds: Math.ceil((waitMs - longestWaitMs) / 1000),
        },
      );
    this.#expected += 1;
    let isExpected = true;
    return () => {
      if (isExpected) this.#expected -= 1;
      isExpected = false;
    };
  }

  /**
   * Waits for a place.
   *
   * @returns what gives it back; a second call does nothing.
   * @throws the signal's reason when it is aborted meanwhile.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    const enteredMs = performance.now();
    let isHeld = true;
    return () => {
      if (isHeld) {
        this.#meanMs += NEWEST * (performance.now() - enteredMs - this.#meanMs);
        this.#leave();
      }
      isHeld = false;
    };
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (next) next();
    else this.#free += 1;
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        this.#waiting.delete(enter);
        signal.removeEventListener('abort', give);
        resolve();
      };
      const give = () => {
        this.#waiting.delete(enter);
        reject(signal.reason);
      };
      this.#waiting.add(enter);
      signal.addEventListener('abort', give, { once: true });
    });
  }
}
