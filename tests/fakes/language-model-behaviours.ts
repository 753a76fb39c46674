import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ChatMessage } from '../../server/language-model/language-model.ts';
import { paceTokens } from './token-pacer.ts';

export type Answer = {
  kind: 'answer';
  tokens: string[];
  /** 0, the default: all at once. */
  tokensPerSecond?: number;
  /** Where the last chunks report usage; `stream`, as OpenAI does, unless told. */
  usage?: 'stream' | 'x_groq' | 'none';
  /** null leaves it out. */
  finishReason?: string | null;
  /** false leaves out [DONE]. */
  done?: boolean;
  /** Every byte as an HTTP chunk of its own. */
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
  /** The body as it stands, each part an HTTP chunk; an event stream unless told. */
  | { kind: 'raw'; parts: (string | Uint8Array)[]; contentType?: string; next?: 'end' | 'cut' | 'hang' }
  /** One event on a single line of this many bytes; stops when the client hangs up. */
  | { kind: 'huge-line'; sizeBytes: number };

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
      for (const part of behaviour.parts) response.write(part);
      return leave(response, behaviour.next ?? 'end');
    case 'huge-line':
      return streamHugeLine(behaviour.sizeBytes, reply);
  }
}

async function streamAnswer(behaviour: Answer, { response, messages, signal }: Reply): Promise<void> {
  const { tokens, tokensPerSecond = 0, usage = 'stream', finishReason = 'stop', after } = behaviour;
  const count = Math.min(tokens.length, after?.tokens ?? tokens.length);
  const send = (fields: object) =>
    writeEvent(response, JSON.stringify(withTime(fields)), behaviour.byteByByte);
  startStream(response);
  send(choice({ role: 'assistant', content: '' }));
  await paceTokens({ count, tokensPerSecond, signal }, index =>
    send(choice({ content: tokens[index] ?? '' })),
  );
  if (signal.aborted) return;
  if (after) {
    if (typeof after.next === 'object') send({ error: after.next.error });
    return leave(response, typeof after.next === 'string' ? after.next : 'end');
  }
  const counted = { prompt_tokens: countPromptTokens(messages), completion_tokens: tokens.length };
  const groq = usage === 'x_groq' ? { x_groq: { usage: counted } } : {};
  if (finishReason !== null) send({ ...choice({}, finishReason), ...groq });
  if (usage === 'stream') send({ choices: [], usage: counted });
  if (behaviour.done !== false) writeEvent(response, '[DONE]', behaviour.byteByByte);
  response.end();
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

function writeEvent(response: ServerResponse, data: string, byteByByte = false): void {
  const event = `data: ${data}\n\n`;
  if (!byteByByte) {
    response.write(event);
    return;
  }
  for (const byte of Buffer.from(event)) response.write(Buffer.of(byte));
}

function leave(response: ServerResponse, how: 'hang' | 'cut' | 'end'): void {
  if (how === 'end') response.end();
  // What was written before must arrive, so the socket goes only after it is flushed.
  if (how === 'cut') response.write('', () => response.socket?.destroy());
}

async function streamHugeLine(sizeBytes: number, { response, signal }: Reply): Promise<void> {
  startStream(response);
  response.write('data: {"choices":[{"index":0,"delta":{"content":"');
  const piece = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < sizeBytes && !signal.aborted; sent += piece.length) {
    if (!response.write(piece)) await once(response, 'drain', { signal }).catch(() => undefined);
  }
  if (!signal.aborted) response.end('"}}]}\n\ndata: [DONE]\n\n');
}
