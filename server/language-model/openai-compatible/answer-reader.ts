import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { ModelEvent, TokenUsage } from '../language-model.ts';
import { parseCompletionChunk } from './completion-chunk.ts';
import { type Fault, ProviderFault } from './provider-fault.ts';
import { createReasoningSeparator } from './separate-reasoning.ts';
import type { Watchdog } from './timeouts.ts';

/** A chunk of a real answer has a few hundred characters; a line beyond this would only eat memory. */
const longestEvent = 1024 * 1024;

/** Who answers is told by who asks. */
export type AnswerEvent = Exclude<ModelEvent, { type: 'begin' }>;

const cutOff: Fault = { kind: 'network', detail: 'the stream ended before the answer did' };

/**
 * Turns the text of a server-sent event stream into events. The watchdog waits for the first token when this
 * is made and is kept up to date from here.
 */
export class AnswerReader {
  readonly #watchdog: Watchdog;
  readonly #emit: (event: AnswerEvent) => void;
  readonly #parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: event => this.#noteEvent(event),
    onError: error => {
      // Lines of unknown fields are reported here too; the standard says to pass over them.
      if (error.type !== 'max-buffer-size-exceeded') return;
      this.#fault = { kind: 'malformed', detail: `a line of more than ${longestEvent} characters` };
    },
  });
  readonly #separator = createReasoningSeparator();
  /** What has arrived and not been handed on yet. */
  #text = '';
  #reasoning = '';
  #sawToken = false;
  #reason: 'stop' | 'length' | 'content_filter' | undefined;
  #usage: TokenUsage | undefined;
  /** [DONE] has arrived. */
  #sawDone = false;
  /** The body has ended; what is left of it may be half an event. */
  #bodyEnded = false;
  #fault: Fault | undefined;
  #isFinished = false;

  constructor(watchdog: Watchdog, emit: (event: AnswerEvent) => void) {
    this.#watchdog = watchdog;
    this.#emit = emit;
  }

  /** Whether the model has said that its answer is whole: from then on a lost connection takes nothing from it. */
  get isWhole(): boolean {
    return this.#reason !== undefined;
  }

  /**
   * @returns whether more is worth reading: after [DONE] it is, because that keeps the connection for the next question.
   * @throws ProviderFault
   */
  push(text: string): boolean {
    if (this.#isFinished) return true;
    this.#feed(text);
    if (this.#fault) {
      if (!this.isWhole) throw new ProviderFault(this.#fault);
      this.#finish();
      return false;
    }
    if (this.#sawDone) this.#finish();
    return true;
  }

  /** @throws ProviderFault when the body ends before the answer does */
  end(): void {
    if (this.#isFinished) return;
    this.#bodyEnded = true;
    // Some servers leave out the blank line after the last event.
    if (!this.#fault) this.#feed('\n\n');
    // Nothing odd that comes after the finish reason counts.
    if (!this.isWhole) throw new ProviderFault(this.#fault ?? cutOff);
    this.#finish();
  }

  #finish(): void {
    this.#isFinished = true;
    this.#emit({ type: 'finish', reason: this.#reason ?? 'stop', usage: this.#usage });
  }

  #feed(text: string): void {
    const wasWhole = this.isWhole;
    this.#sawToken = false;
    this.#parser.feed(text);
    this.#handOn();
    // Only tokens count: comments and empty chunks keep a connection open, not an answer going.
    if (this.isWhole && !wasWhole) this.#watchdog.start('closing');
    else if (this.#sawToken) this.#watchdog.start('silence');
  }

  #noteEvent({ data, event }: EventSourceMessage): void {
    if (this.#sawDone || this.#fault) return;
    if (data === '[DONE]') {
      this.#sawDone = true;
      this.#reason ??= 'stop';
      return;
    }
    const chunk = parseCompletionChunk(data);
    const fault = chunk ? chunk.fault : this.#unreadable(data, event);
    if (fault) this.#fault = fault;
    if (!chunk || fault) return;
    if (chunk.text || chunk.reasoning) this.#sawToken = true;
    this.#text += chunk.text;
    this.#reasoning += chunk.reasoning;
    this.#reason ??= chunk.finishReason;
    this.#usage = chunk.usage ?? this.#usage;
  }

  #unreadable(data: string, event: string | undefined): Fault {
    if (this.#bodyEnded) return cutOff;
    if (event === 'error') return { kind: 'status', status: 500, detail: data };
    // Without its text: that may be what the model says to a person, which is no business of the log.
    return {
      kind: 'malformed',
      detail: `an event of ${data.length} characters that is no chat completion chunk`,
    };
  }

  /**
   * Hands on what may be shown. Tokens split emoji: the first half of a surrogate pair can come in one
   * chunk as \ud83d and the second in the next, and half a pair sent alone would become U+FFFD.
   */
  #handOn(): void {
    const isLast = this.isWhole || this.#fault !== undefined || this.#bodyEnded;
    const text = takeWhole(this.#text, isLast);
    const thought = takeWhole(this.#reasoning, isLast);
    this.#text = this.#text.slice(text.length);
    this.#reasoning = this.#reasoning.slice(thought.length);
    const separated = this.#separator.push(text);
    const rest = isLast ? this.#separator.end() : undefined;
    const reasoning = thought + separated.reasoning + (rest?.reasoning ?? '');
    const delta = separated.text + (rest?.text ?? '');
    if (reasoning) this.#emit({ type: 'reasoning', text: reasoning });
    if (delta) this.#emit({ type: 'delta', text: delta });
  }
}

function takeWhole(text: string, isLast: boolean): string {
  if (isLast || text === '') return text;
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
