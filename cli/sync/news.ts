import { setTimeout as sleep } from 'node:timers/promises';

/** Remembers that something has happened until somebody takes notice. */
export class News {
  #told = Promise.withResolvers<void>();
  #isThere = false;

  get isThere(): boolean {
    return this.#isThere;
  }

  tell(): void {
    this.#isThere = true;
    this.#told.resolve();
  }

  /** From here on only what comes later is news. */
  take(): void {
    if (!this.#isThere) return;
    this.#isThere = false;
    this.#told = Promise.withResolvers();
  }

  /** Until there is news, or `timeoutMs` has passed. Throws when the signal is aborted. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const anyEnd = AbortSignal.any([signal, waiting.signal]);
    const timer = sleep(Math.max(timeoutMs, 0), undefined, { signal: anyEnd });
    try {
      await Promise.race([this.#told.promise, timer]);
    } finally {
      waiting.abort();
      timer.catch(() => {});
    }
  }
}
