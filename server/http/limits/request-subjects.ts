import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** Of an IPv6 address: a provider gives every line at least so much of its own. */
const IPV6_NETWORK_BITS = 64;

/**
 * The address that the limits count a request for. None, when it comes from this machine itself and was forwarded by no
 * proxy: whoever may do that can do more than ask.
 */
export function addressSubjects(request: FastifyRequest): string[] {
  const address = addressOf(request.ip);
  if (address === undefined) return [];
  if (address.range() === 'loopback' && !isForwarded(request)) return [];
  return [`address ${networkOf(address)}`];
}

/**
 * Whom it counts for besides, once that is known: the user, or the key. What a key sends does not count for who made it:
 * a program that asks too much leaves its owner's page alone.
 */
export function principalSubjects(request: FastifyRequest): string[] {
  const { principal } = request;
  if (addressSubjects(request).length === 0) return [];
  if (principal.kind === 'user') return [`user ${principal.userId}`];
  return principal.kind === 'key' ? [`key ${principal.keyId}`] : [];
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
