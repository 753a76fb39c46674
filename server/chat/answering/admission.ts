/**
 * Lets so many answers prepare at once, in order of arrival. A thousand questions at the same moment would otherwise
 * all be searched at once and all wait for the last one: like this the first are written while others are searched.
 */
export class Admission {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
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
    let isHeld = true;
    return () => {
      if (isHeld) this.#leave();
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
