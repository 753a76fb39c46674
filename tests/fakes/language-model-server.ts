import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { answer, type Behaviour, behave } from './language-model-behaviours.ts';

export { answer, type Behaviour } from './language-model-behaviours.ts';

const completionRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  max_tokens: z.int().positive().optional(),
  max_completion_tokens: z.int().positive().optional(),
  temperature: z.number().min(0).max(2).optional(),
  stream: z.literal(true),
  stream_options: z.object({ include_usage: z.literal(true) }).optional(),
});

type CompletionRequest = z.infer<typeof completionRequest>;

type RecordedRequest = {
  headers: IncomingHttpHeaders;
  body: CompletionRequest;
  receivedMs: number;
  /** Resolves when the reply is over: `finished`, or `aborted` when the connection closed before that. */
  closed: Promise<'finished' | 'aborted'>;
  /** What has gone out on this connection so far. */
  bytesSent(): number;
};

type DefaultBehaviour = Behaviour | ((messages: CompletionRequest['messages']) => Behaviour);

export type FakeLanguageModel = {
  baseUrl: string;
  requests: RecordedRequest[];
  /** TCP connections open now, idle ones included. */
  openConnections(): number;
  /** TCP connections accepted since the start. */
  acceptedConnections(): number;
  /** Behaviours of the next requests, in this order; after them comes the default again. */
  script(...behaviours: Behaviour[]): void;
  defaultBehaviour: DefaultBehaviour;
  /** Fields of the request that are answered with a 400 that names them. */
  refusedFields: string[];
  close(): Promise<void>;
};

type Options = {
  port?: number;
  defaultBehaviour?: DefaultBehaviour;
  /** false: benches of many requests keep none of them. */
  record?: boolean;
};

/** An OpenAI-compatible chat completions server on 127.0.0.1 that does what the test tells it. */
export async function startFakeLanguageModel(options: Options = {}): Promise<FakeLanguageModel> {
  const { port = 0, record = true, defaultBehaviour = answer('A fake answer.') } = options;
  const queue: Behaviour[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;

  const server = createServer(async (request, response) => {
    const body = await readRequest(request, response);
    if (!body) return;
    const leaving = new AbortController();
    const closed = new Promise<'finished' | 'aborted'>(resolve => {
      response.once('close', () => {
        leaving.abort();
        resolve(response.writableFinished ? 'finished' : 'aborted');
      });
    });
    if (record) fake.requests.push(recordOf(request, body, closed));
    const usual = fake.defaultBehaviour;
    const refused = fake.refusedFields.find(field => field in body);
    if (refused !== undefined) return refuseField(response, refused);
    const behaviour = queue.shift() ?? (typeof usual === 'function' ? usual(body.messages) : usual);
    await behave(behaviour, { response, messages: body.messages, signal: leaving.signal });
  });
  server.on('connection', socket => {
    accepted += 1;
    sockets.add(socket.setNoDelay(true));
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));

  const fake: FakeLanguageModel = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: [],
    openConnections: () => sockets.size,
    acceptedConnections: () => accepted,
    script: (...behaviours) => void queue.push(...behaviours),
    defaultBehaviour,
    refusedFields: [],
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return fake;
}

/** In OpenAI's words. */
function refuseField(response: ServerResponse, field: string): void {
  response.writeHead(400, { 'content-type': 'application/json' });
  const message = `Unsupported parameter: '${field}' is not supported with this model.`;
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', param: field } }));
}

/** A request that a real provider would refuse is refused here too, so that no test passes with one. */
async function readRequest(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<CompletionRequest | undefined> {
  const raw = await text(request).catch(() => undefined);
  if (raw === undefined) return undefined; // the client left before it had asked
  const found = request.method === 'POST' && request.url?.split('?')[0] === '/v1/chat/completions';
  const parsed = found ? completionRequest.safeParse(JSON.parse(raw)) : undefined;
  if (parsed?.success && (parsed.data.max_tokens ?? parsed.data.max_completion_tokens)) return parsed.data;
  const message = parsed
    ? parsed.error
      ? z.prettifyError(parsed.error)
      : 'no limit of tokens'
    : `no such path: ${request.method} ${request.url}`;
  response.writeHead(parsed ? 400 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message } }));
  return undefined;
}

function recordOf(
  request: IncomingMessage,
  body: CompletionRequest,
  closed: RecordedRequest['closed'],
): RecordedRequest {
  const { socket, headers } = request;
  return { headers, body, receivedMs: performance.now(), closed, bytesSent: () => socket.bytesWritten };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      tokens: { type: 'string', default: '60' },
      rate: { type: 'string', default: '50' },
    },
  });
  const tokens = Array.from({ length: Number(values.tokens) }, (_, index) => `token${index} `);
  const { baseUrl } = await startFakeLanguageModel({
    port: Number(values.port),
    defaultBehaviour: { kind: 'answer', tokens, tokensPerSecond: Number(values.rate) },
    record: false,
  });
  process.stdout.write(`${baseUrl}\n`);
}
