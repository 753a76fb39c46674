import type { Agent, Dispatcher } from 'undici';
import { errorDetail, errorObjectToFault, parseJson } from './completion-chunk.ts';
import { parseRetryAfterMs } from './fault-policy.ts';
import type { GenerateRequest, ModelEvent } from './language-model.ts';
import { type Fault, ProviderFault, transportFault } from './provider-fault.ts';
import { readAnswer } from './read-answer.ts';
import { createWatchdog, type Timeouts } from './timeouts.ts';

export type CompletionTarget = {
  agent: Agent;
  url: URL;
  apiKey: string | undefined;
  model: string;
  timeouts: Timeouts;
};

/** Error bodies are a few hundred bytes; no more than this is read of one. */
const longestErrorBody = 64 * 1024;

/**
 * One attempt: asks once and reads the answer. Throws ProviderFault, or whatever the transport throws
 * when request.signal is aborted. Leaving the iteration destroys a body that
 * wasn't read to its end, and with it the connection.
 */
export async function* openCompletion(
  target: CompletionTarget,
  request: GenerateRequest,
): AsyncGenerator<ModelEvent> {
  const connection = new AbortController();
  const stop = () => connection.abort(request.signal.reason);
  if (request.signal.aborted) stop();
  request.signal.addEventListener('abort', stop, { once: true });
  const watchdog = createWatchdog(target.timeouts, fault => connection.abort(fault));
  watchdog.start('first-token');
  try {
    const response = await send(target, request, connection.signal);
    const texts = decodeUtf8(response.body, target.timeouts.connectMs);
    if (response.statusCode !== 200 || !isEventStream(response)) {
      throw new ProviderFault(replyToFault(response, await readErrorBody(texts)));
    }
    yield* readAnswer(texts, watchdog);
  } finally {
    watchdog.stop();
    request.signal.removeEventListener('abort', stop);
  }
}

async function send(
  target: CompletionTarget,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { agent, url, apiKey } = target;
  const pending = agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify(requestBody(target.model, request)),
    signal,
  });
  try {
    return await untilAborted(pending, signal);
  } catch (error) {
    throw transportFault(error, target.timeouts.connectMs);
  }
}

function requestBody(model: string, request: GenerateRequest): Record<string, unknown> {
  return {
    model,
    messages: request.messages,
    max_tokens: request.maxTokens,
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    stream: true,
    stream_options: { include_usage: true },
  };
}

/** undici notices an abort only once the connection stands; whoever aborts shouldn't wait for that. */
async function untilAborted<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([pending, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Bytes are cut anywhere, also inside a character: only a streaming decoder puts them together. */
async function* decodeUtf8(body: AsyncIterable<Uint8Array>, connectMs: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  try {
    for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  } catch (error) {
    throw transportFault(error, connectMs);
  }
}

async function readErrorBody(texts: AsyncIterable<string>): Promise<string> {
  let body = '';
  try {
    for await (const text of texts) {
      body += text;
      if (body.length > longestErrorBody) break;
    }
  } catch {
    // The status says more than how its explanation got lost.
  }
  return body;
}

/** Servers that forget the content type still stream; JSON and HTML are never a stream. */
function isEventStream({ headers }: Dispatcher.ResponseData): boolean {
  return !/\b(json|html)\b/i.test(String(headers['content-type'] ?? ''));
}

function replyToFault({ statusCode, headers }: Dispatcher.ResponseData, body: string): Fault {
  if (statusCode >= 400) {
    const retryAfter = headers['retry-after'];
    const retryAfterMs = parseRetryAfterMs(
      Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      Date.now(),
    );
    return { kind: 'status', status: statusCode, detail: errorDetail(body), retryAfterMs };
  }
  const reply = parseJson(body);
  const error = typeof reply === 'object' && reply !== null && 'error' in reply ? reply.error : undefined;
  if (error) return errorObjectToFault(error);
  return { kind: 'malformed', detail: `status ${statusCode} without an event stream: ${body}` };
}
