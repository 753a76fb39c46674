import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../../observing/metrics.ts';

/** Scrapes and probes say nothing of how the server does, and there are many of them. */
const unobserved = new Set(['/metrics', '/livez', '/readyz']);

/** Measures every request, and puts it into a span that a `traceparent` header may lie above. */
export function observeRequests(server: FastifyInstance, metrics: Metrics): void {
  server.addHook('onRequest', (request, reply, done) => {
    const route = routeOf(request);
    const parent = propagation.extract(context.active(), request.headers);
    const span = trace.getTracer('lectern').startSpan(
      `${request.method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.request.method': request.method,
          'http.route': route,
          'lectern.request_id': request.id,
        },
      },
      parent,
    );
    // Also when the client leaves before the answer is whole.
    reply.raw.once('close', () => {
      const { statusCode } = reply.raw;
      span.setAttribute('http.response.status_code', statusCode);
      if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      if (unobserved.has(route)) return;
      metrics.instruments?.requestDuration.observe(
        { method: request.method, route, status: statusCode },
        reply.elapsedTime / 1000,
      );
    });
    context.with(trace.setSpan(parent, span), done);
  });
}

/** The pattern, never the path: paths are without number. */
const routeOf = ({ routeOptions }: FastifyRequest) => routeOptions.url ?? 'none';
