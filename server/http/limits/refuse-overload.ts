import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { UnavailableError } from '../../errors.ts';

const RETRY_AFTER_SECONDS = 2;
const WARN_EVERY_MS = 10_000;

/** They say how things are, or take work away. */
const welcome = new Set(['/livez', '/readyz', '/metrics', '/api/health/', '/api/chat/:id/stop/']);

/**
 * Refuses requests while so many wait for the beginning of their answer: each one more would only make all of them
 * wait longer, until clients give up and ask again. A stream has begun, and waits no more.
 */
export function refuseOverload(server: FastifyInstance, mostRequests: () => number): void {
  const waiting = new Set<ServerResponse>();
  let refused = 0;
  let warnedMs = Number.NEGATIVE_INFINITY;
  server.addHook('onRequest', async ({ routeOptions, log }, { raw }) => {
    const mostWaiting = mostRequests();
    if (waiting.size >= mostWaiting)
      for (const one of waiting) if (one.headersSent || one.destroyed) waiting.delete(one);
    if (waiting.size >= mostWaiting && !welcome.has(routeOptions.url ?? '')) {
      refused += 1;
      if (performance.now() - warnedMs > WARN_EVERY_MS) {
        log.warn({ waiting: waiting.size, refused }, 'there are too many requests, some are refused');
        warnedMs = performance.now();
        refused = 0;
      }
      throw new UnavailableError('overloaded', 'The server has too much to do. Try again in a moment.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    waiting.add(raw);
    raw.once('close', () => waiting.delete(raw));
  });
}
