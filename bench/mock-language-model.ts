/**
 * An OpenAI-compatible language model that answers every question with `--tokens` tokens, `--rate` a second
 * (0: all at once). Runs as its own process and prints its base URL. With `--stamped` each token tells when it was
 * sent (stamps.ts), so that whoever reads it at the other end knows its lag.
 */
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { paceTokens } from '../tests/fakes/token-pacer.ts';
import { epochMs } from './epoch-ms.ts';
import { writeStamp } from './stamps.ts';

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '60' },
    rate: { type: 'string', default: '0' },
    stamped: { type: 'boolean', default: false },
  },
});
const count = Number(values.tokens);
const tokensPerSecond = Number(values.rate);

const server = createServer(async (request, response) => {
  await text(request);
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  sendChoice(response, { role: 'assistant', content: '' });
  await paceTokens({ count, tokensPerSecond, signal: leaving.signal }, index =>
    sendChoice(response, { content: values.stamped ? `${writeStamp(epochMs())} ` : `word${index} ` }),
  );
  sendChoice(response, {}, 'stop');
  send(response, JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: count } }));
  send(response, '[DONE]');
  response.end();
});
server.on('connection', socket => socket.setNoDelay(true));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}/v1`);
});

function sendChoice(response: ServerResponse, delta: object, finishReason: string | null = null): void {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  send(response, JSON.stringify({ object: 'chat.completion.chunk', choices }));
}

function send(response: ServerResponse, data: string): void {
  response.write(`data: ${data}\n\n`);
}
