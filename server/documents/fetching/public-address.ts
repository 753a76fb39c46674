import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;
type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** What IANA has given out for the public internet so far; the rest of IPv6 leads nowhere good. */
const globalIpv6 = ipaddr.parseCIDR('2000::/3');
/** Of RFC 6052: an IPv4 address in its last four bytes, which the network's gateway goes to. */
const nat64 = ipaddr.parseCIDR('64:ff9b::/96');

/**
 * Services that tell a machine in a cloud its secrets, outside the link-local addresses where most of them
 * are. Azure's stands in the midst of public addresses.
 */
const cloudServices = [
  '168.63.129.16/32', // Azure
  '100.100.100.200/32', // Alibaba
  '192.0.0.192/32', // Oracle
  'fd00:ec2::/32', // Amazon
  'fd20:ce::/32', // Google
].map(network => ipaddr.parseCIDR(network));

const intranetRanges = ['private', 'uniqueLocal', 'loopback', 'carrierGradeNat'];

/**
 * Whether an address belongs to a machine on the public internet. Addresses that carry another one in them
 * (IPv4-mapped, 6to4, Teredo) do not count: no public server is found under them. NAT64 ones do when the
 * address inside does: networks without IPv4 see all of its internet like that.
 */
export function isPublicAddress(text: string): boolean {
  const address = parse(text);
  if (!address || isCloudService(address)) return false;
  if (address.kind() === 'ipv4') return address.range() === 'unicast';
  if (isWithin(address, nat64)) return isPublicAddress(address.toByteArray().slice(-4).join('.'));
  return address.range() === 'unicast' && isWithin(address, globalIpv6);
}

/** Whether an address may belong to a server of one's own network: not link-local, no service of a cloud. */
export function isIntranetAddress(text: string): boolean {
  const address = parse(text);
  return address !== undefined && !isCloudService(address) && intranetRanges.includes(address.range());
}

function parse(text: string): Address | undefined {
  return ipaddr.isValid(text) ? ipaddr.parse(text) : undefined;
}

function isCloudService(address: Address): boolean {
  return cloudServices.some(network => isWithin(address, network));
}

function isWithin(address: Address, network: Network): boolean {
  return address.kind() === network[0].kind() && address.match(network);
}
