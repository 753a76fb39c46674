import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** Of an IPv6 address: a provider gives every line at least so much of its own. */
const IPV6_NETWORK_BITS = 64;

/**
 * Whom the limits count a request for. Nobody, when it comes from this machine itself and was forwarded by no proxy:
 * whoever may do that can do more than ask.
 */
export function subjectsOf(request: FastifyRequest): string[] {
  const address = addressOf(request.ip);
  if (address === undefined) return [];
  if (address.range() === 'loopback' && !isForwarded(request)) return [];
  return [`address ${networkOf(address)}`];
}

/** A proxy has handed it on, whether it is trusted or not. */
export const isForwarded = ({ headers }: FastifyRequest): boolean =>
  headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;

/** Undefined for a unix socket. */
function addressOf(text: string | undefined): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // `::ffff:192.0.2.1` is the IPv4 address that it holds.
  return text !== undefined && ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}

function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  if (address.kind() === 'ipv4') return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${IPV6_NETWORK_BITS}`)}/${IPV6_NETWORK_BITS}`;
}
