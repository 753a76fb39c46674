import type { FastifyRequest } from 'fastify';

/** Where the browser that sent the request finds this server; without PUBLIC_URL as it has asked for it. */
export const publicAddress = (request: FastifyRequest, publicUrl: string | undefined): string =>
  publicUrl ?? `${request.protocol}://${request.host}`;
