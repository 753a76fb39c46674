import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isIntranetAddress, isPublicAddress } from './public-address.ts';

const notPublic = {
  'this network': ['0.0.0.0', '0.1.2.3'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  'link-local': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  'protocol assignments': ['192.0.0.1', '192.0.0.192', '192.88.99.1'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  benchmarking: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  'multicast and reserved': ['224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  unspecified: ['::'],
  'unique local': ['fc00::1', 'fd00:ec2::254', 'fdff::1', 'fec0::1'],
  'IPv4-mapped and -compatible': ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '::8.8.8.8'],
  'NAT64 of what is not public': ['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::8.8.8.8'],
  '6to4 and Teredo': ['2002:7f00:1::1', '2002:808:808::1', '2001:0:7f00:1::1'],
  'services of clouds': ['168.63.129.16', '100.100.100.200', '64:ff9b::168.63.129.16', 'fd20:ce::254'],
  'not given out': ['4000::1', '5f00::1', '100::1', '1::1'],
  'no address': ['', 'localhost', '1.2.3.4.5', '8.8.8.8/8', ' 8.8.8.8'],
};
for (const [kind, addresses] of Object.entries(notPublic))
  test(`not public: ${kind}`, () => {
    for (const address of addresses) assert.equal(isPublicAddress(address), false, address);
  });

test('public addresses are public', () => {
  const addresses = ['8.8.8.8', '172.32.0.1', '100.128.0.1', '169.253.1.1', '198.20.0.1', '93.184.215.14'];
  const ipv6 = ['2606:4700::1111', '2a00:1450:4001:82f::200e', '64:ff9b::8.8.8.8'];
  for (const address of [...addresses, ...ipv6]) assert.equal(isPublicAddress(address), true, address);
});

test('an intranet has private addresses, never those of a cloud or of the link', () => {
  for (const address of ['10.1.2.3', '192.168.1.1', '127.0.0.1', '::1', 'fd12:3456::1', '100.64.0.1'])
    assert.equal(isIntranetAddress(address), true, address);
  const refused = ['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '100.100.100.200', '0.0.0.0', '8.8.8.8'];
  for (const address of [...refused, '::ffff:10.0.0.1', '224.0.0.1', '255.255.255.255', 'no address'])
    assert.equal(isIntranetAddress(address), false, address);
});

test('no IPv4 address is both public and of an intranet', () => {
  fc.assert(
    fc.property(
      fc.ipV4(),
      address =>
        !(isPublicAddress(address) && isIntranetAddress(address)) && !isPublicAddress(`::ffff:${address}`),
    ),
  );
});
