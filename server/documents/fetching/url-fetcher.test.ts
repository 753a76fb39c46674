import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { createTestFetcher, startPageServer } from '../../../tests/fakes/page-server.ts';
import { version } from '../../version.ts';

const page = (status: number, headers: Record<string, string>, body = '') => ({ status, headers, body });
const redirect = (location: string, status = 302) => page(status, { location });

type Answer = ReturnType<typeof page>;

async function startPages(t: Parameters<typeof startPageServer>[0], pages: Record<string, Answer>) {
  return startPageServer(t, ({ url = '' }, response) => {
    const { status, headers, body } = pages[url] ?? page(404, {});
    response.writeHead(status, headers).end(body);
  });
}

test('a page comes with its name, type, charset and address', async t => {
  const html = page(200, { 'content-type': 'text/html; charset=ISO-8859-1' }, '<p>Hello</p>');
  const { port, requests } = await startPages(t, { '/guide/?a=b': html });
  const file = await createTestFetcher(t, { port }).fetchUrl(`http://example.com:${port}/guide/?a=b#top`);
  assert.equal(await text(file.body), '<p>Hello</p>');
  const { filename, mediaType, charset, finalUrl } = file;
  assert.deepEqual(
    { filename, mediaType, charset, finalUrl },
    {
      filename: 'guide.html',
      mediaType: 'text/html',
      charset: 'iso-8859-1',
      finalUrl: `http://example.com:${port}/guide/?a=b`,
    },
  );
  assert.equal(requests.length, 1);
});

test('the request says who asks and gives nothing else away, and takes no proxy', async t => {
  const { port, requests } = await startPages(t, {
    '/': page(200, { 'set-cookie': 'a=b' }),
    '/a': redirect('/'),
  });
  const proxy = await startPages(t, {});
  process.env.HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
  process.env.http_proxy = process.env.HTTP_PROXY;
  t.after(() => {
    delete process.env.HTTP_PROXY;
    delete process.env.http_proxy;
  });
  const file = await createTestFetcher(t, { port }).fetchUrl(`http://example.com:${port}/a`);
  await text(file.body);
  assert.equal(proxy.requests.length, 0);
  for (const { headers } of requests) {
    assert.deepEqual(Object.keys(headers).sort(), [
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
    assert.equal(headers['user-agent'], `Lectern/${version}`);
    assert.equal(headers.host, `example.com:${port}`);
  }
});

test('redirects are followed, relative ones too, and each host is checked', async t => {
  const pages: Record<string, Answer> = { '/5': page(200, {}, 'here') };
  const { port } = await startPages(t, pages);
  pages['/0'] = redirect('1', 301);
  pages['/1'] = redirect(`//other.example:${port}/2`, 303);
  pages['/2'] = redirect('?a=b', 307);
  pages['/2?a=b'] = redirect('/5#part', 308);
  const fetcher = createTestFetcher(t, { port });
  const file = await fetcher.fetchUrl(`http://example.com:${port}/0`);
  assert.equal(await text(file.body), 'here');
  assert.equal(file.finalUrl, `http://other.example:${port}/5`);
});

test('a redirect to what is not public is refused without asking there', async t => {
  const pages: Record<string, Answer> = {};
  const { port } = await startPages(t, pages);
  const trap = await startPageServer(t, (_, response) => response.end('secret'), { host: '127.0.0.2', port });
  const targets = [
    `http://inner.example:${port}/`,
    `http://127.0.0.2:${port}/`,
    `http://[::1]:${port}/`,
    `http://localhost:${port}/`,
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'gopher://example.com/',
    `http://user:pw@example.com:${port}/`,
    'http://example.com:22/',
  ];
  const fetcher = createTestFetcher(t, { port });
  for (const target of targets) {
    pages['/'] = redirect(target);
    await assert.rejects(
      fetcher.fetchUrl(`http://example.com:${port}/`),
      { code: 'url_not_allowed' },
      target,
    );
  }
  assert.equal(trap.requests.length, 0);
});

test('redirects end after five, in a circle too', async t => {
  const { port, requests } = await startPages(t, { '/a': redirect('/b'), '/b': redirect('/a') });
  const fetching = createTestFetcher(t, { port }).fetchUrl(`http://example.com:${port}/a`);
  await assert.rejects(fetching, { code: 'url_failed', message: /redirects more than 5 times/ });
  assert.equal(requests.length, 6);
});

test('a host with a single address that is not public is refused as a whole', async t => {
  const { port, requests } = await startPages(t, {});
  const addresses = ['127.0.0.1', '10.0.0.1'].map(address => ({ address, family: 4 }));
  const fetcher = createTestFetcher(t, { port, lookup: async () => addresses });
  await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}/`), (error: Error) => {
    assert.match(error.message, /^"example\.com" is not a public address\. /);
    return !error.message.includes('10.0.0.1');
  });
  assert.equal(requests.length, 0);
});

test('a name that changes its address between check and use is not followed', async t => {
  const { port, requests } = await startPages(t, { '/': page(200, {}, 'public') });
  const trap = await startPageServer(t, (_, response) => response.end('secret'), { host: '127.0.0.2', port });
  let lookups = 0;
  const lookup = async () => [{ address: lookups++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
  const fetcher = createTestFetcher(t, { port, lookup });
  const file = await fetcher.fetchUrl(`http://example.com:${port}/`);
  assert.equal(await text(file.body), 'public');
  await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}/`), { code: 'url_not_allowed' });
  assert.deepEqual([requests.length, trap.requests.length, lookups], [1, 0, 2]);
});

test('the next address is tried when one does not answer', async t => {
  const { port } = await startPages(t, { '/': page(200, {}, 'second') });
  const addresses = ['127.0.0.3', '127.0.0.1'].map(address => ({ address, family: 4 }));
  const allowAddress = () => true;
  const fetcher = createTestFetcher(t, { port, allowAddress, lookup: async () => addresses });
  assert.equal(await text((await fetcher.fetchUrl(`http://example.com:${port}/`)).body), 'second');
});

test('an allowed host of the own network is fetched from, and redirects from it are checked', async t => {
  const { port } = await startPages(t, { '/': page(200, {}, 'ours'), '/out': redirect('http://10.0.0.1/') });
  const options = { port, allowAddress: () => false, allowedHosts: [`wiki:${port}`] };
  const fetcher = createTestFetcher(t, options);
  assert.equal(await text((await fetcher.fetchUrl(`http://wiki:${port}/`)).body), 'ours');
  await assert.rejects(fetcher.fetchUrl(`http://wiki:${port}/out`), { code: 'url_not_allowed' });
  await assert.rejects(fetcher.fetchUrl(`http://other:${port}/`), { code: 'url_not_allowed' });
});

test('TLS asks for the name, and a server that does not prove it is refused', async t => {
  const names: string[] = [];
  const server = createTlsServer({
    SNICallback: (name, callback) => {
      names.push(name);
      callback(new Error('no certificate'));
    },
  });
  server.on('tlsClientError', () => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const fetching = createTestFetcher(t, { port }).fetchUrl(`https://example.com.:${port}/`);
  await assert.rejects(fetching, {
    code: 'url_unreachable',
    message: /^There is no answer from "example\.com:/,
  });
  assert.deepEqual(names, ['example.com']);
});

test('any status but success is told', async t => {
  const { port } = await startPages(t, {
    '/gone': page(410, {}),
    '/later': page(202, {}),
    '/same': page(304, {}),
  });
  const fetcher = createTestFetcher(t, { port });
  for (const [path, status] of Object.entries({ '/gone': 410, '/none': 404, '/later': 202, '/same': 304 }))
    await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}${path}`), {
      code: 'url_failed',
      message: `"example.com:${port}" answers with status ${status}.`,
    });
});

test('no host, no server and no HTTP are told apart from a refusal', async t => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  closed.close();
  const fetcher = createTestFetcher(t, { port });
  await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}/`), {
    code: 'url_unreachable',
    message: `There is no answer from "example.com:${port}" (ECONNREFUSED).`,
  });
  for (const lookup of [async () => [], () => Promise.reject(new Error('ENOTFOUND'))])
    await assert.rejects(createTestFetcher(t, { port, lookup }).fetchUrl(`http://example.com:${port}/`), {
      code: 'url_unreachable',
      message: 'There is no host "example.com".',
    });
  const greeter = createServer(socket => socket.on('error', () => {}).end('220 ready\r\n')).listen(
    port,
    '127.0.0.1',
  );
  await once(greeter, 'listening');
  t.after(() => greeter.close());
  await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}/`), { code: 'url_unreachable' });
});
