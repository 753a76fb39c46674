import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cookies } from '../../accounts/signing-in/authentication.ts';

/**
 * Sends cookies of a sign-in, which only this server and no script can read; and only by HTTPS where the
 * browser came that way. It says so in Origin, whatever stands between it and this server.
 *
 * @param origin of the request, where the browser tells none, as when it follows a redirect.
 */
export function sendCookies(
  request: FastifyRequest,
  reply: FastifyReply,
  cookies: Cookies,
  origin = request.headers.origin,
): void {
  const isHttps = request.protocol === 'https' || origin?.startsWith('https:') === true;
  for (const cookie of cookies)
    reply.header('set-cookie', isHttps && !/; *secure\b/i.test(cookie) ? `${cookie}; Secure` : cookie);
  // What signs someone in is kept by nobody on the way.
  reply.header('cache-control', 'no-store');
}

/** What better-auth needs of a request. */
export function headersOf({ headers: { cookie } }: FastifyRequest): Headers {
  return new Headers(cookie === undefined ? {} : { cookie });
}
