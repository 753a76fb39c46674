import type { FastifyInstance } from 'fastify';
import { RequestError } from '../errors.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Notes every route that is registered from now on. The function it returns, called when all are, makes a
 * known path answer 405 and `Allow` (RFC 9110, 15.5.6) to the methods that it does not have.
 */
export function collectRoutes(server: FastifyInstance): () => void {
  const allowed = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    const known = allowed.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    allowed.set(url, known);
  });
  return () => {
    for (const [url, known] of [...allowed]) {
      const others = methods.filter(method => !known.has(method));
      if (url.includes('*') || others.length === 0) continue;
      const allow = [...known].join(', ');
      server.route({
        url,
        method: others,
        config: { permission: 'anyone' },
        schema: { hide: true },
        handler: async (request, reply) => {
          reply.header('allow', allow);
          throw new RequestError(
            'method_not_allowed',
            `${request.method} is not possible here; ${allow} is.`,
          );
        },
      });
    }
  };
}
