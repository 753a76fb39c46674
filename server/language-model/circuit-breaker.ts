export type BreakerLimits = {
  /** So many failures in a row open it; 0: it never opens. */
  failures: number;
  /** Within so long. */
  windowMs: number;
  /** How long it stays open before one call may try. */
  coolDownMs: number;
};

/** What a call that was let through tells; nothing at all when it was stopped by its reader. */
export type Permit = {
  /** It has sent something: whoever waits for a trial need wait no longer. */
  began(): void;
  succeeded(): void;
  failed(): void;
  /** Must come last, once. */
  end(): void;
};

/**
 * A circuit breaker (M. Nygard, "Release It!"): closed, it lets every call through; after too many failures in
 * a row it opens and refuses all; after a while it lets a single call try, whose beginning closes it again.
 *
 * Only failures in a row count, so that one bad answer in a hundred does not stop the ninety-nine.
 */
export class CircuitBreaker {
  readonly #limits: BreakerLimits;
  readonly #onChange: (isOpen: boolean) => void;
  readonly #now: () => number;
  /** When the last failures in a row came, the oldest first; never more than are needed to open. */
  #failures: number[] = [];
  #openUntil: number | undefined;
  #isTrying = false;

  /** @param now milliseconds that only ever grow */
  constructor(
    limits: BreakerLimits,
    onChange: (isOpen: boolean) => void = () => {},
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits;
    this.#onChange = onChange;
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#openUntil !== undefined;
  }

  /** Lets a call through, or says in how many milliseconds it makes sense to ask again. */
  enter(): Permit | { retryAfterMs: number } {
    if (this.#openUntil === undefined) return this.#permit(false);
    const leftMs = this.#openUntil - this.#now();
    if (leftMs > 0) return { retryAfterMs: leftMs };
    // How long the trial takes nobody knows; a second is soon enough to look again.
    if (this.#isTrying) return { retryAfterMs: 1_000 };
    this.#isTrying = true;
    return this.#permit(true);
  }

  #permit(isTrial: boolean): Permit {
    return {
      began: () => {
        if (isTrial) this.#close();
      },
      succeeded: () => {
        if (isTrial) this.#close();
        this.#failures = [];
      },
      failed: () => {
        if (isTrial && this.isOpen) this.#open();
        else this.#count();
      },
      end: () => {
        if (isTrial) this.#isTrying = false;
      },
    };
  }

  /** On trial: the next failure opens it again. */
  #close(): void {
    if (this.#openUntil === undefined) return;
    this.#openUntil = undefined;
    this.#onChange(false);
    this.#failures = Array.from({ length: this.#limits.failures - 1 }, () => this.#now());
  }

  #count(): void {
    const { failures, windowMs } = this.#limits;
    // Calls that were under way when it opened do not put off the trial.
    if (failures === 0 || this.isOpen) return;
    const now = this.#now();
    this.#failures = [...this.#failures, now].slice(-failures);
    const [oldest = now] = this.#failures;
    if (this.#failures.length === failures && now - oldest <= windowMs) this.#open();
  }

  #open(): void {
    if (this.#openUntil === undefined) this.#onChange(true);
    this.#openUntil = this.#now() + this.#limits.coolDownMs;
  }
}
