import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { StartError } from '../errors.ts';

/** @throws StartError when the address can't be had. */
export async function listenOn(
  server: FastifyInstance,
  { host, port }: Pick<Config, 'host' | 'port'>,
): Promise<void> {
  try {
    await server.listen({ host, port, listenTextResolver: address => `listening on ${address}` });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new StartError(
        `Port ${port} of ${host} is in use by another program. Stop it, or set PORT to another.`,
      );
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError(`Lectern can't listen on port ${port} of ${host} (${code}). Set HOST and PORT.`);
    throw error;
  }
}

/** Where a browser on this machine finds the server. */
export function baseUrl(
  { host, tlsCert }: Pick<Config, 'host' | 'tlsCert'>,
  address: AddressInfo | string | null,
): string {
  const port = typeof address === 'object' && address ? address.port : 0;
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${tlsCert ? 'https' : 'http'}://${name}:${port}`;
}
