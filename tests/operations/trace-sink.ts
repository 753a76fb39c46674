import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const attribute = z.object({ key: z.string(), value: z.looseObject({}) });
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              name: z.string(),
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              attributes: z.array(attribute),
            }),
          ),
        }),
      ),
    }),
  ),
});

type SunkSpan = z.infer<typeof exported>['resourceSpans'][0]['scopeSpans'][0]['spans'][0];

/** A collector that takes spans by OTLP over HTTP, as JSON. */
export async function startTraceSink() {
  const spans: SunkSpan[] = [];
  const resources: unknown[] = [];
  const server = createServer(async (request, response) => {
    if (request.url === '/v1/traces')
      for (const { resource, scopeSpans } of exported.parse(await json(request)).resourceSpans) {
        resources.push(resource);
        spans.push(...scopeSpans.flatMap(scope => scope.spans));
      }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    resources,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
