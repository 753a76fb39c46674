import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Proxies cut connections that are silent for longer; a comment is no event for any client. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Sends server-sent events (WHATWG HTML 9.2) as they come; each item is one or more of them as text.
 * A client that leaves or pauses ends or pauses only its own reading.
 */
export async function streamEvents(
  reply: FastifyReply,
  read: (gone: AbortSignal) => AsyncIterable<string>,
  keepAliveMs = KEEP_ALIVE_MS,
): Promise<void> {
  reply.hijack();
  const response = reply.raw;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value) response.setHeader(name, value);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    // nginx would otherwise hold the stream back until its buffer is full.
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  const keepAlive = setInterval(() => {
    // Nothing is added to what a client that pauses has not read yet.
    if (!response.writableNeedDrain) response.write(': keep-alive\n\n');
  }, keepAliveMs);
  try {
    for await (const events of read(gone.signal)) {
      if (!response.write(events)) await drained(response, gone.signal);
    }
  } finally {
    clearInterval(keepAlive);
    response.end();
  }
}

/** Until the client has read what was written, or is gone: waiting for `drain` alone would never end then. */
function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      response.off('drain', done);
      gone.removeEventListener('abort', done);
      resolve();
    };
    response.on('drain', done);
    gone.addEventListener('abort', done);
    if (gone.aborted) done();
  });
}
