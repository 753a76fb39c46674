import { Readable } from 'node:stream';
import type { Agent, Dispatcher } from 'undici';
import { untilAborted } from '../../until-aborted.ts';
import type { GenerateRequest } from '../language-model.ts';
import { type AnswerEvent, AnswerReader } from './answer-reader.ts';
import { errorDetail, errorObjectToFault } from './error-object.ts';
import { parseRetryAfterMs } from './fault-policy.ts';
import { isFields, parseJson } from './json-fields.ts';
import { type Fault, ProviderFault, transportFault } from './provider-fault.ts';
import { type RequestDialect, requestBody } from './request-dialect.ts';
import { createWatchdog, type Timeouts } from './timeouts.ts';

export type CompletionTarget = {
  agent: Agent;
  url: URL;
  apiKey: string | undefined;
  model: string;
  timeouts: Timeouts;
  /** Replaced when the server refuses it. */
  dialect: RequestDialect;
};

/** Error bodies are a few hundred bytes; no more than this is read of one. */
const longestErrorBody = 64 * 1024;

/**
 * One attempt: asks once and reads the answer. Rejects with ProviderFault, or whatever the transport throws when
 * request.signal is aborted. A body that wasn't read to its end is destroyed, and with it the connection.
 */
export async function openCompletion(
  target: CompletionTarget,
  request: GenerateRequest,
  emit: (event: AnswerEvent) => void,
): Promise<void> {
  const connection = new AbortController();
  const stop = () => connection.abort(request.signal.reason);
  if (request.signal.aborted) stop();
  request.signal.addEventListener('abort', stop, { once: true });
  const watchdog = createWatchdog(target.timeouts, fault => connection.abort(fault));
  watchdog.start('first-token');
  try {
    const response = await send(target, request, connection.signal);
    if (response.statusCode !== 200 || !isEventStream(response))
      throw new ProviderFault(replyToFault(response, await readErrorBody(response.body)));
    await readBody(response.body, new AnswerReader(watchdog, emit), target.timeouts.connectMs);
  } finally {
    watchdog.stop();
    request.signal.removeEventListener('abort', stop);
  }
}

type Body = Dispatcher.ResponseData['body'];

/** By its events rather than by iterating, which takes several promises for each piece. */
async function readBody(body: Body, reader: AnswerReader, connectMs: number): Promise<void> {
  // Bytes are cut anywhere, also inside a character: only a streaming decoder puts them together.
  const decoder = new TextDecoder();
  try {
    await new Promise<void>((resolve, reject) => {
      body.on('data', (bytes: Uint8Array) => {
        try {
          if (!reader.push(decoder.decode(bytes, { stream: true }))) resolve();
        } catch (error) {
          reject(error);
        }
      });
      body.once('end', resolve);
      body.on('error', reject);
    });
  } catch (error) {
    if (!reader.isWhole) throw transportFault(error, connectMs);
  } finally {
    if (!body.readableEnded) body.destroy();
  }
  reader.end();
}

async function send(
  target: CompletionTarget,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { agent, url, apiKey } = target;
  const body = Buffer.from(JSON.stringify(requestBody(target.model, request, target.dialect)));
  const pending = agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'content-length': String(body.length),
      ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    },
    body: Readable.from(sentOnce(body)),
    signal,
  });
  try {
    // undici notices an abort only once the connection stands.
    return await untilAborted(pending, signal);
  } catch (error) {
    throw transportFault(error, target.timeouts.connectMs);
  }
}

/** The HTTP client keeps what it was given to send until the answer ends; a generator that is over holds nothing. */
function* sentOnce(bytes: Buffer): Generator<Buffer> {
  yield bytes;
}

async function readErrorBody(body: Body): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of body) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > longestErrorBody) break;
    }
  } catch {
    // The status says more than how its explanation got lost.
  }
  return text;
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
  const error = isFields(reply) ? reply.error : undefined;
  if (error) return errorObjectToFault(error);
  return { kind: 'malformed', detail: `status ${statusCode} without an event stream: ${body}` };
}
