import type { GenerateRequest, LanguageModel, ModelEvent } from './language-model.ts';

export type Emit = (event: ModelEvent) => void;

/**
 * What a LanguageModel is made of: it tells its events by calling a function. Breaker, fallback and meter stand
 * around this and not around the iteration, because with fifty thousand tokens a second every promise for each of
 * them counts (docs/language-models.md).
 */
export interface ModelWriter {
  readonly name: string;
  /** Resolves after `finish`, once nothing more is to be read; rejects as LanguageModel.generate throws. */
  write(request: GenerateRequest, emit: Emit): Promise<void>;
  close(): Promise<void>;
}

export function toLanguageModel(writer: ModelWriter): LanguageModel {
  return {
    name: writer.name,
    generate: request => ({ [Symbol.asyncIterator]: () => new EventIterator(writer, request) }),
    close: () => writer.close(),
  };
}

type Result = IteratorResult<ModelEvent, undefined>;
type Waiting = { resolve: (result: Result) => void; reject: (error: unknown) => void };

const end: Result = { done: true, value: undefined };

/** Holds what was written until it is read. Over at `finish`, or with an error after what came before it. */
class EventIterator implements AsyncIterator<ModelEvent, undefined> {
  readonly #writer: ModelWriter;
  readonly #request: GenerateRequest;
  readonly #leaving = new AbortController();
  #events: ModelEvent[] = [];
  #read = 0;
  #waiting: Waiting | undefined;
  #hasBegun = false;
  #isOver = false;
  #failure: { error: unknown } | undefined;

  constructor(writer: ModelWriter, request: GenerateRequest) {
    this.#writer = writer;
    this.#request = request;
  }

  next(): Promise<Result> {
    if (!this.#hasBegun) this.#begin();
    const event = this.#events[this.#read];
    if (event) {
      this.#read += 1;
      return Promise.resolve({ done: false, value: event });
    }
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#isOver) return Promise.resolve(end);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Whoever leaves before the end closes the connection. */
  return(): Promise<Result> {
    if (!this.#isOver) this.#leaving.abort();
    this.#isOver = true;
    this.#events = [];
    return Promise.resolve(end);
  }

  #begin(): void {
    this.#hasBegun = true;
    const { signal } = this.#request;
    const stop = () => this.#leaving.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    this.#writer
      .write({ ...this.#request, signal: this.#leaving.signal }, event => this.#take(event))
      .then(
        () => this.#settle(undefined),
        error => this.#settle({ error }),
      )
      .finally(() => signal.removeEventListener('abort', stop));
  }

  #take(event: ModelEvent): void {
    if (this.#isOver) return;
    if (event.type === 'finish') this.#isOver = true;
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting.resolve({ done: false, value: event });
    } else {
      if (this.#read === this.#events.length) {
        this.#events = [];
        this.#read = 0;
      }
      this.#events.push(event);
    }
  }

  #settle(failure: { error: unknown } | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    // Once it is over, nobody asks how the connection ended.
    if (!this.#isOver && !waiting) this.#failure = failure;
    this.#isOver = true;
    if (failure) waiting?.reject(failure.error);
    else waiting?.resolve(end);
  }
}
