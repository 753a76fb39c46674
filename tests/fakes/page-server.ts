import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import { createUrlFetcher } from '../../server/documents/fetching/url-fetcher.ts';

type PageServer = { port: number; requests: IncomingMessage[] };

/** A web server on a loopback address, for as long as the test runs. */
export async function startPageServer(
  test: TestContext,
  answer: RequestListener,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
): Promise<PageServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(port, host);
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, requests };
}

/**
 * A fetcher for which every host is at 127.0.0.1, as if that were a public address. `inner` hosts are at the
 * private address 127.0.0.2.
 */
export function createTestFetcher(
  test: TestContext,
  { port, ...options }: Partial<Parameters<typeof createUrlFetcher>[0]> & { port: number },
) {
  const fetcher = createUrlFetcher({
    maxBytes: 1_000_000,
    timeoutMs: 5_000,
    ports: [port],
    allowAddress: address => address === '127.0.0.1',
    lookup: async name => [{ address: name.startsWith('inner') ? '127.0.0.2' : '127.0.0.1', family: 4 }],
    ...options,
  });
  test.after(() => fetcher.close());
  return fetcher;
}
