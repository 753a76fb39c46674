import type { Evidence, StreamEvent, Usage } from '../../../contract/chat.ts';
import { placeCitation } from '../../../contract/place-citation.ts';
import type { StreamPiece } from '../../sessions/stream-piece.ts';
import { AnswerLog, type NumberedEvent } from './answer-log.ts';

/** A model that thinks at length fills no message with it. In UTF-16 units. */
const MOST_REASONING = 20_000;

/** What a reader that was away gets at a time, in UTF-16 units of content. */
const MOST_UNITS_AT_ONCE = 32_768;

/** Runs the function soon: how soon is what paces the stream. */
export type Pace = (wake: () => void) => void;

/**
 * An answer while it is being written: a log of its events that any number of readers follow, each at its
 * own pace. A reader that pauses holds up nobody and has no buffer of its own, only a position.
 */
export class RunningAnswer {
  readonly messageId: number;
  readonly #log = new AnswerLog();
  readonly #pace: Pace;
  readonly #waiting = new Set<() => void>();
  #wakes = false;
  #isOver = false;
  readonly #evidence: Evidence = { sources: [], citations: [], check: null };
  #usage: Usage | null = null;
  #reasoning = '';
  /** What was read last: readers that are as far as each other share it. */
  #read: { from: number; to: number; events: NumberedEvent[] } = { from: -1, to: -1, events: [] };

  constructor(messageId: number, pace: Pace = setImmediate) {
    this.messageId = messageId;
    this.#pace = pace;
  }

  /** What was written so far. */
  get content(): string {
    return this.#log.content;
  }

  /** What the answer rests on so far. */
  get evidence(): Evidence {
    return this.#evidence;
  }

  get usage(): Usage | null {
    return this.#usage;
  }

  /** What the model thought before it answered: the last of it, null when there is nothing. */
  get reasoning(): string | null {
    return this.#reasoning === '' ? null : this.#reasoning;
  }

  /** The number of its last event. */
  get sequence(): number {
    return this.#log.sequence;
  }

  /** Whether its last event is there, `done` or `error`. */
  get isOver(): boolean {
    return this.#isOver;
  }

  append(event: StreamEvent): void {
    this.#log.append(event);
    this.#note(event);
    this.#wakeReaders();
  }

  /** Adds what another process has written, as far as it is new. */
  extend(piece: StreamPiece): void {
    this.#log.extend(piece);
    for (const [, event] of piece.events) this.#note(event);
    this.#wakeReaders();
  }

  /** Everything after that number, as it is stored. */
  pieceAfter(sequence: number): StreamPiece | undefined {
    return this.#log.pieceAfter(sequence);
  }

  /**
   * The events after that number, then those that come, ending after `done` or `error`. What has gathered while
   * the reader was busy comes together.
   *
   * @param signal ends the reading (the answer goes on).
   */
  async *read(after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent[]> {
    let position = after;
    while (!signal.aborted) {
      const events = this.#eventsAfter(position);
      const last = events.at(-1);
      if (last) {
        position = last.sequence;
        yield events;
      } else if (this.#isOver) return;
      else await this.#nextEvent(signal);
    }
  }

  #eventsAfter(from: number): NumberedEvent[] {
    const to = this.#log.sequence;
    if (this.#read.from !== from || this.#read.to !== to)
      this.#read = { from, to, events: this.#log.eventsAfter(from, MOST_UNITS_AT_ONCE) };
    return this.#read.events;
  }

  #note(event: StreamEvent): void {
    const evidence = this.#evidence;
    if (event.type === 'sources') evidence.sources = event.sources;
    if (event.type === 'citation') evidence.citations = placeCitation(evidence.citations, event);
    if (event.type === 'check') evidence.check = event;
    if (event.type === 'usage') this.#usage = event;
    if (event.type === 'reasoning') this.#reasoning = lastReasoning(this.#reasoning + event.content);
    if (event.type === 'done' || event.type === 'error') this.#isOver = true;
  }

  /** Events that come soon after each other go out together: a write costs more than an event. */
  #wakeReaders(): void {
    if (this.#wakes || this.#waiting.size === 0) return;
    this.#wakes = true;
    this.#pace(() => {
      this.#wakes = false;
      const waiting = [...this.#waiting];
      this.#waiting.clear();
      for (const wake of waiting) wake();
    });
  }

  #nextEvent(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      signal.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }
}

/** Never half a surrogate pair at its beginning. */
function lastReasoning(text: string): string {
  return text.length <= MOST_REASONING ? text : text.slice(-MOST_REASONING).replace(/^[\uDC00-\uDFFF]/, '');
}
