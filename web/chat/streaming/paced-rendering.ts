import { flushSync } from 'react-dom';

/** Text that comes in small pieces is shown in larger ones: people can't read faster. */
const TEXT_INTERVAL_MS = 40;

/**
 * Tells listeners of changes at most once per frame. While text streams in, less often, and never so often
 * that showing it takes more than half of the main thread's time.
 */
export class PacedRendering {
  readonly #listeners = new Set<() => void>();
  #frame = 0;
  #lastAt = 0;
  #lastCostMs = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  request({ isText }: { isText: boolean }): void {
    const interval = isText ? Math.max(TEXT_INTERVAL_MS, 2 * this.#lastCostMs) : 0;
    const tick = (now: number) => {
      if (now - this.#lastAt < interval) {
        this.#frame = requestAnimationFrame(tick);
        return;
      }
      this.#frame = 0;
      this.#lastAt = now;
      this.#render();
    };
    // A hidden page has no frames, and nobody to show them to.
    if (document.hidden) this.#render();
    else this.#frame ||= requestAnimationFrame(tick);
  }

  #render(): void {
    const startedAt = performance.now();
    flushSync(() => {
      for (const tell of this.#listeners) tell();
    });
    this.#lastCostMs = performance.now() - startedAt;
  }
}
