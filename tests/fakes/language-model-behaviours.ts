import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChatMessage } from '../../server/language-model/language-model.ts';
import { paceTokens } from './token-pacer.ts';

export type Answer = {
  kind: 'answer';
  tokens: string[];
  /** What is thought before, as DeepSeek and vLLM send it. */
  reasoning?: string[];
  /** 0, the default: all at once. */
  tokensPerSecond?: number;
  /** Nothing more comes once this many tokens are out, until it is let go on. */
  pause?: { tokens: number; until: Promise<void> };
  /** Where the last chunks report usage; `stream`, as OpenAI does, unless told. */
  usage?: 'stream' | 'x_groq' | 'none';
  /** null leaves it out. */
  finishReason?: string | null;
  /** false leaves out [DONE]. */
  done?: boolean;
  /** Every byte as an HTTP chunk of its own, each read before the next is written; the rate is ignored. */
  byteByByte?: boolean;
  /** What happens once this many tokens are out, instead of the rest. */
  after?: { tokens: number; next: 'hang' | 'cut' | 'end' | { error: unknown } };
};

export type Behaviour =
  | Answer
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  | { kind: 'hang-before-headers' }
  | { kind: 'hang-after-headers' }
  | { kind: 'cut-before-headers' }
  /** The body as it stands, each part an HTTP chunk on its way before the next; an event stream unless told. */
  | { kind: 'raw'; parts: (string | Uint8Array)[]; contentType?: string; next?: 'end' | 'cut' | 'hang' }
  /** One event on a single line of this many bytes; stops when the client hangs up. */
  | { kind: 'huge-line'; sizeBytes: number; contentType?: string };

/** The usual answer: the text in tokens of a word each. */
export function answer(text: string, options: Partial<Omit<Answer, 'kind' | 'tokens'>> = {}): Answer {
  return { kind: 'answer', tokens: text.match(/\s*\S+|\s+$/g) ?? [], ...options };
}

type Reply = { response: ServerResponse; messages: ChatMessage[]; signal: AbortSignal };

export async function behave(behaviour: Behaviour, reply: Reply): Promise<void> {
  const { response } = reply;
  switch (behaviour.kind) {
    case 'answer':
      return streamAnswer(behaviour, reply);
    case 'status': {
      const { status, headers, body } = behaviour;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(
        typeof body === 'string' ? body : JSON.stringify(body ?? { error: { message: `status ${status}` } }),
      );
      return;
    }
    case 'hang-before-headers':
      return;
    case 'hang-after-headers':
      startStream(response);
      return;
    case 'cut-before-headers':
      response.socket?.destroy();
      return;
    case 'raw':
      startStream(response, behaviour.contentType);
      await writeApart(response, behaviour.parts);
      return leave(response, behaviour.next ?? 'end');
    case 'huge-line':
      return streamHugeLine(behaviour, reply);
  }
}

async function streamAnswer(behaviour: Answer, { response, messages, signal }: Reply): Promise<void> {
  const { tokens, reasoning = [], tokensPerSecond = 0, pause, after, byteByByte } = behaviour;
  const count = Math.min(tokens.length, after?.tokens ?? tokens.length);
  let held = '';
  const sendData = (data: string) => {
    const event = `data: ${data}\n\n`;
    if (byteByByte) held += event;
    else response.write(event);
  };
  const send = (fields: object) => sendData(JSON.stringify(withTime(fields)));
  startStream(response);
  send(choice({ role: 'assistant', content: '' }));
  for (const thought of reasoning) send(choice({ content: null, reasoning_content: thought }));
  const sendTokens = (from: number, to: number) =>
    paceTokens({ count: to - from, tokensPerSecond, signal }, index =>
      send(choice({ content: tokens[from + index] ?? '' })),
    );
  const before = Math.min(count, pause?.tokens ?? 0);
  await sendTokens(0, before);
  await pause?.until;
  await sendTokens(before, count);
  if (signal.aborted) return;
  if (typeof after?.next === 'object') send({ error: after.next.error });
  if (!after) sendEnd(behaviour, messages, send);
  if (!after && behaviour.done !== false) sendData('[DONE]');
  await writeApart(
    response,
    Array.from(Buffer.from(held), byte => Buffer.of(byte)),
  );
  leave(response, typeof after?.next === 'string' ? after.next : 'end');
}

function sendEnd(behaviour: Answer, messages: ChatMessage[], send: (fields: object) => void): void {
  const { tokens, reasoning = [], usage = 'stream', finishReason = 'stop' } = behaviour;
  const counted = {
    prompt_tokens: countPromptTokens(messages),
    completion_tokens: tokens.length + reasoning.length,
    ...(reasoning.length > 0 && { completion_tokens_details: { reasoning_tokens: reasoning.length } }),
  };
  const groq = usage === 'x_groq' ? { x_groq: { usage: counted } } : {};
  if (finishReason !== null) send({ ...choice({}, finishReason), ...groq });
  if (usage === 'stream') send({ choices: [], usage: counted });
}

function choice(delta: object, finishReason: string | null = null): object {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finishReason }] };
}

/** When the chunk left, in epoch milliseconds, so that a reader on this machine can measure the lag. */
function withTime(fields: object): object {
  return { ...fields, sent_at: performance.timeOrigin + performance.now() };
}

/** Words, which is near enough for a fake. */
function countPromptTokens(messages: ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + content.split(/\s+/).length, 0);
}

function startStream(response: ServerResponse, contentType = 'text/event-stream'): void {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' });
  response.flushHeaders();
}

/** A turn of the event loop between the parts lets a client in this process read each by itself. */
async function writeApart(response: ServerResponse, parts: Iterable<string | Uint8Array>): Promise<void> {
  for (const part of parts) {
    response.write(part);
    await nextTurn();
  }
}

function leave(response: ServerResponse, how: 'hang' | 'cut' | 'end'): void {
  if (how === 'end') response.end();
  // What was written before must arrive, so the socket goes only after it is flushed.
  if (how === 'cut') response.write('', () => response.socket?.destroy());
}

async function streamHugeLine(
  { sizeBytes, contentType }: Extract<Behaviour, { kind: 'huge-line' }>,
  { response, signal }: Reply,
): Promise<void> {
  startStream(response, contentType);
  response.write('data: {"choices":[{"index":0,"delta":{"content":"');
  const piece = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < sizeBytes && !signal.aborted; sent += piece.length) {
    if (!response.write(piece)) await once(response, 'drain', { signal }).catch(() => undefined);
  }
  if (!signal.aborted) response.end('"}}]}\n\ndata: [DONE]\n\n');
}
