import type { FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';

type Settings = { host: string; allowedHosts: string[] };

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that a foreign page made in a visitor's browser: a Host header that is not ours (DNS
 * rebinding) and, where something changes, an Origin that is not the Host (cross-site request forgery).
 *
 * @throws RequestError host_not_allowed, origin_not_allowed.
 */
export function checkOrigin(request: FastifyRequest, settings: Settings): void {
  // Behind a trusted proxy, the one that the client has asked.
  const asked = request.host.toLowerCase();
  const name = hostName(asked);
  if (!isAllowed(name, settings))
    throw new RequestError(
      'host_not_allowed',
      `This server does not answer for the host "${name}". Add it to ALLOWED_HOSTS.`,
    );
  const { origin } = request.headers;
  if (origin === undefined || readingMethods.has(request.method)) return;
  if (!URL.canParse(origin) || new URL(origin).host !== asked)
    throw new RequestError('origin_not_allowed', 'Requests from pages of other origins are not allowed.');
}

function isAllowed(name: string, { host, allowedHosts }: Settings): boolean {
  if (loopbackNames.has(name) || name === host.toLowerCase() || name === `[${host.toLowerCase()}]`)
    return true;
  return allowedHosts.some(allowed => {
    if (allowed === '*') return true;
    const pattern = allowed.toLowerCase();
    return pattern.startsWith('.') ? name === pattern.slice(1) || name.endsWith(pattern) : name === pattern;
  });
}

/** The Host header without its port. */
const hostName = (host: string) => host.replace(/:\d+$/, '').replace(/\.$/, '');
