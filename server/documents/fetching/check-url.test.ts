import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../errors.ts';
import { createAllowedHosts, webPorts } from './allowed-hosts.ts';
import { checkUrl, parseUrl } from './check-url.ts';
import { resolveHost } from './resolve-host.ts';

const signal = new AbortController().signal;

/** Names that are looked up lead to a public address here: what is refused is refused for its spelling. */
async function check(text: string, allowedHosts: string[] = []): Promise<string> {
  const isAllowedHost = createAllowedHosts(allowedHosts);
  const url = checkUrl(parseUrl(text), { ports: webPorts, isAllowedHost });
  const lookup = async () => [{ address: '93.184.215.14', family: 4 }];
  await resolveHost(url, { lookup, isAllowedHost }, signal);
  return url.href;
}

const withCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

const notPublic = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://0x7f.1/',
  'http://0x7f000001/',
  'http://2130706433/',
  'http://017700000001/',
  'http://0177.0.0.0x1/',
  'http://127.0.0.1./',
  'http://127.0.0.1../',
  'http://0/',
  'http://0.0.0.0:8080/',
  'http://%31%32%37.0.0.1/',
  'http://%6c%6f%63%61%6c%68%6f%73%74/',
  'http://１２７.０.０.１/',
  'http://①②⑦.⓪.⓪.①/',
  'http://127。0。0。1/',
  'http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
  'http:127.0.0.1',
  'http:\\\\127.0.0.1\\',
  ' \thttp://127.\n0.0.1/ ',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://169.254.169.254/latest/meta-data/',
  'http://0xa9fea9fe/',
  'http://2852039166/',
  'http://168.63.129.16/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://localhost/',
  'http://LOCALHOST./',
  'http://a.b.localhost/',
  'http://printer.local/',
  'http://10.0.0.1/',
  'http://192.168.0.1:8443/',
  'https://172.16.5.4/',
];
for (const url of notPublic)
  test(`not a public address: ${JSON.stringify(url)}`, async () => {
    await assert.rejects(check(url), { code: 'url_not_allowed', message: /is not a public address/ });
  });

const notAllowed = {
  'other schemes': [
    'file:///etc/passwd',
    'ftp://example.com/a',
    'gopher://example.com/',
    'data:text/plain,a',
  ],
  'what is no address of the web': ['blob:https://example.com/1', 'javascript:alert(1)', 'ws://example.com/'],
  credentials: ['http://user@example.com/', 'http://user:pw@example.com/', 'http://:pw@example.com/'],
  'a host disguised as credentials': ['http://example.com@127.0.0.1/', 'http://127.0.0.1:80@example.com/'],
  'ports of other services': [
    'http://example.com:22/',
    'http://example.com:6379/',
    'https://example.com:9200/',
  ],
};
for (const [what, urls] of Object.entries(notAllowed))
  test(`not allowed: ${what}`, async () => {
    for (const url of urls) await assert.rejects(check(url), withCode('url_not_allowed'), url);
  });

test('what is no URL is an invalid request', async () => {
  for (const url of [
    '',
    'example.com',
    '/page',
    'http://',
    'http://[::1',
    'http://256.1.1.1/',
    'http://a b/',
  ])
    await assert.rejects(check(url), withCode('invalid_request'), url);
});

test('public addresses keep their path and query, and lose dots and fragment', async () => {
  assert.equal(await check('https://Example.COM./a%20b?c=d#e'), 'https://example.com/a%20b?c=d');
  assert.equal(await check('http://bücher.example:8080/ä'), 'http://xn--bcher-kva.example:8080/%C3%A4');
  assert.equal(await check('http://8.8.8.8/'), 'http://8.8.8.8/');
  assert.equal(await check('http://localhost.example.com/'), 'http://localhost.example.com/');
});

test('allowed hosts open names, domains, addresses and their ports, and nothing beside them', async () => {
  const allowed = ['wiki:8090', '.corp.internal', '10.0.0.5', '[fd12::2]:8090', 'fd12::1', 'bücher', 'a:80'];
  const open = [
    'http://wiki:8090/',
    'http://docs.corp.internal/',
    'https://a.b.corp.internal:8443/',
    'http://10.5:8080/',
    'http://[fd12::2]:8090/',
    'http://[fd12:0::1]/',
    'http://bücher/',
    'http://a/',
  ];
  for (const url of open) await assert.doesNotReject(check(url, allowed), url);
  const closed = [
    'http://wiki:8091/',
    'http://corp.internal/',
    'http://evil-corp.internal/',
    'http://10.0.0.6/',
    'http://[fd12::2]/',
    'http://[fd12::1]:9200/',
    'http://10.0.0.5:22/',
  ];
  for (const url of closed) await assert.rejects(check(url, allowed), withCode('url_not_allowed'), url);
});

test('an allowed host stays refused at the addresses of clouds', async () => {
  for (const host of ['169.254.169.254', '[fd00:ec2::254]', '100.100.100.200', '0.0.0.0', '[fe80::1]'])
    await assert.rejects(check(`http://${host}/`, [host]), withCode('url_not_allowed'), host);
});
