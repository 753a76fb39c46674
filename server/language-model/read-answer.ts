import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { parseCompletionChunk } from './completion-chunk.ts';
import type { ModelEvent, TokenUsage } from './language-model.ts';
import { type Fault, ProviderFault } from './provider-fault.ts';
import type { Watchdog } from './timeouts.ts';

/** A chunk of a real answer has a few hundred characters; a line beyond this would only eat memory. */
const longestEvent = 1024 * 1024;

type Answer = {
  /** Text that has arrived and not been handed on yet. */
  text: string;
  tokensSeen: number;
  reason: 'stop' | 'length' | 'content_filter' | undefined;
  usage: TokenUsage | undefined;
  /** [DONE] has arrived. */
  done: boolean;
  /** The body has ended; what is left of it may be half an event. */
  bodyEnded: boolean;
  fault: Fault | undefined;
};

const cutOff: Fault = { kind: 'network', detail: 'the stream ended before the answer did' };

/**
 * Turns the text of a server-sent event stream into model events. The watchdog runs on entry
 * (first token) and is kept up to date from here. Throws ProviderFault.
 */
export async function* readAnswer(
  texts: AsyncIterable<string>,
  watchdog: Watchdog,
): AsyncGenerator<ModelEvent> {
  const answer: Answer = {
    text: '',
    tokensSeen: 0,
    reason: undefined,
    usage: undefined,
    done: false,
    bodyEnded: false,
    fault: undefined,
  };
  const parser = createAnswerParser(answer);
  try {
    for await (const text of texts) {
      if (answer.done) continue; // finish is out; reading to the end keeps the connection for the next question
      yield* feed(answer, parser, text, watchdog);
      if (answer.fault) break;
      if (!answer.done) continue;
      watchdog.stop();
      yield finishOf(answer);
      watchdog.start('closing');
    }
  } catch (error) {
    // Once the model has said that it is finished, a lost connection takes nothing from the answer.
    if (!answer.reason) throw error;
  }
  if (answer.done) return;
  answer.bodyEnded = true;
  // Some servers leave out the blank line after the last event.
  if (!answer.fault) yield* feed(answer, parser, '\n\n', watchdog);
  // Nor does anything odd that comes after the finish reason.
  if (!answer.reason) throw new ProviderFault(answer.fault ?? cutOff);
  yield finishOf(answer);
}

type Parser = ReturnType<typeof createParser>;

function createAnswerParser(answer: Answer): Parser {
  return createParser({
    maxBufferSize: longestEvent,
    onEvent: event => noteEvent(answer, event),
    onError(error) {
      // Lines of unknown fields are reported here too; the standard says to pass over them.
      if (error.type !== 'max-buffer-size-exceeded') return;
      answer.fault = { kind: 'malformed', detail: `a line of more than ${longestEvent} characters` };
    },
  });
}

async function* feed(
  answer: Answer,
  parser: Parser,
  text: string,
  watchdog: Watchdog,
): AsyncGenerator<ModelEvent> {
  const seenBefore = answer.tokensSeen;
  const finishedBefore = answer.reason !== undefined;
  parser.feed(text);
  const delta = takeText(answer);
  if (delta) {
    watchdog.stop();
    yield { type: 'delta', text: delta };
  }
  // Only tokens count: comments and empty chunks keep a connection open, not an answer going.
  if (answer.reason && !finishedBefore) watchdog.start('closing');
  else if (answer.tokensSeen > seenBefore) watchdog.start('silence');
}

function noteEvent(answer: Answer, { data, event }: EventSourceMessage): void {
  if (answer.done || answer.fault) return;
  if (data === '[DONE]') {
    answer.done = true;
    answer.reason ??= 'stop';
    return;
  }
  const chunk = parseCompletionChunk(data);
  const fault = chunk ? chunk.fault : unreadable(answer, data, event);
  if (fault) answer.fault = fault;
  if (!chunk || fault) return;
  if (chunk.text || chunk.isReasoning) answer.tokensSeen += 1;
  answer.text += chunk.text;
  answer.reason ??= chunk.finishReason;
  answer.usage = chunk.usage ?? answer.usage;
}

function unreadable(answer: Answer, data: string, event: string | undefined): Fault {
  if (answer.bodyEnded) return cutOff;
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
function takeText(answer: Answer): string {
  const isHalf = /[\uD800-\uDBFF]$/.test(answer.text) && !answer.reason && !answer.fault && !answer.bodyEnded;
  const text = isHalf ? answer.text.slice(0, -1) : answer.text;
  answer.text = answer.text.slice(text.length);
  return text;
}

function finishOf(answer: Answer): ModelEvent {
  return { type: 'finish', reason: answer.reason ?? 'stop', usage: answer.usage };
}
