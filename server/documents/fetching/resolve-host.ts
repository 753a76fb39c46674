import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { DocumentError } from '../../errors.ts';
import { untilAborted } from '../../until-aborted.ts';
import { notPublic } from './check-url.ts';
import { isIntranetAddress, isPublicAddress } from './public-address.ts';

export type HostAddress = { address: string; family: number };

/** All addresses of a host name. */
export type Lookup = (hostname: string) => Promise<HostAddress[]>;

export type AddressRules = {
  lookup: Lookup;
  isAllowedHost: (url: URL) => boolean;
  /** Opens an address that would be refused; for tests. */
  allowAddress?: ((address: string) => boolean) | undefined;
  /** Told what was refused, for the log. */
  onRefused?: (host: string, address: string) => void;
};

export const systemLookup: Lookup = hostname => lookup(hostname, { all: true, order: 'verbatim' });

/**
 * The addresses of the URL's host, each of which may be connected to. One that may not refuses the host as a
 * whole: who mixes them is up to something.
 *
 * @throws DocumentError url_unreachable, url_not_allowed.
 */
export async function resolveHost(
  url: URL,
  rules: AddressRules,
  signal: AbortSignal,
): Promise<HostAddress[]> {
  const addresses = await findAddresses(url, rules.lookup, signal);
  const isAllowed = (address: string) =>
    isPublicAddress(address) ||
    (rules.isAllowedHost(url) && isIntranetAddress(address)) ||
    rules.allowAddress?.(address) === true;
  const refused = addresses.find(({ address }) => !isAllowed(address));
  if (!refused) return addresses;
  rules.onRefused?.(url.hostname, refused.address);
  throw notPublic(url);
}

async function findAddresses(url: URL, lookup: Lookup, signal: AbortSignal): Promise<HostAddress[]> {
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(literal);
  if (family > 0) return [{ address: literal, family }];
  try {
    const addresses = await untilAborted(lookup(url.hostname), signal);
    if (addresses.length > 0) return addresses;
  } catch (error) {
    signal.throwIfAborted();
    throw noSuchHost(url, error);
  }
  throw noSuchHost(url);
}

function noSuchHost(url: URL, cause?: unknown): DocumentError {
  return new DocumentError('url_unreachable', `There is no host "${url.hostname}".`, { cause });
}
