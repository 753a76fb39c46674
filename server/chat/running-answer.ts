import type { Source, StreamEvent } from '../../contract/chat.ts';

/**
 * An answer while it is being written: a log of its events that any number of readers follow, each at its
 * own pace. A reader that pauses holds up nobody and has no buffer of its own, only a position.
 */
export class RunningAnswer {
  readonly messageId: number;
  readonly #events: StreamEvent[] = [];
  readonly #waiting = new Set<() => void>();
  #finished = false;
  #content = '';
  #sources: Source[] = [];

  constructor(messageId: number) {
    this.messageId = messageId;
  }

  /** What was written so far. */
  get content(): string {
    return this.#content;
  }

  get sources(): Source[] {
    return this.#sources;
  }

  append(event: StreamEvent): void {
    if (event.type === 'content') this.#content += event.content;
    if (event.type === 'sources') this.#sources = event.sources;
    this.#events.push(event);
    this.#finished = event.type === 'done' || event.type === 'error';
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /**
   * The events from the first on, then as they come, ending after `done` or `error`. Those that have
   * gathered while the reader was busy come together.
   *
   * @param signal ends the reading (the answer goes on).
   */
  async *read(signal: AbortSignal): AsyncGenerator<StreamEvent[]> {
    let position = 0;
    while (!signal.aborted) {
      if (position < this.#events.length) {
        const batch = this.#events.slice(position);
        position += batch.length;
        yield batch;
      } else if (this.#finished) return;
      else await this.#nextEvent(signal);
    }
  }

  #nextEvent(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        // Events of one turn of the event loop go out together: a write costs more than an event.
        setImmediate(resolve);
      };
      signal.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }
}
