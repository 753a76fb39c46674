import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Gauges, Metrics } from '../../observing/metrics.ts';

export function metricsRoutes(metrics: Metrics, gauges: Gauges): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/metrics',
      {
        config: { permission: 'administer' },
        schema: {
          tags: ['operations'],
          summary: 'What Prometheus collects; counting begins when it asks for the first time',
          produces: ['text/plain'],
          response: {
            200: { description: 'Metrics as text.', content: { 'text/plain': { schema: z.string() } } },
          },
        },
      },
      async (_, reply) => {
        const { contentType, text } = await metrics.read(gauges);
        return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
      },
    );
  };
}
