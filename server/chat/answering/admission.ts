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

  /** @param longestWaitMs see `refuseWhenLong`. */
  constructor(places: number, longestWaitMs = () => Number.POSITIVE_INFINITY) {
    this.#places = places;
    this.#longestWaitMs = longestWaitMs;
    this.#free = places;
  }

  /**
   * To be asked before there is anything to be prepared.
   *
   * @throws UnavailableError overloaded when one more would have to wait longer than it may, by how many wait and how
   * long places were held of late.
   */
  refuseWhenLong(): void {
    const waitMs = (this.#waiting.size * this.#meanMs) / this.#places;
    const longestWaitMs = this.#longestWaitMs();
    if (waitMs > longestWaitMs)
      throw new UnavailableError(
        'overloaded',
        'Too many questions wait for their answers. Try again in a moment.',
        {
          retryAfterSeconds: Math.ceil((waitMs - longestWaitMs) / 1000),
        },
      );
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
