import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createTestFetcher, startPageServer } from '../../../tests/fakes/page-server.ts';

const tooLarge = { code: 'document_too_large', message: /larger than 97.7 KiB/ };
const maxBytes = 100_000;

/** Writes for as long as somebody listens. */
async function writeForever(response: ServerResponse, piece: Buffer): Promise<void> {
  while (!response.destroyed)
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), sleep(50)]);
}

test('a file may have as many bytes as allowed, and not one more', async t => {
  const { port } = await startPageServer(t, ({ url = '' }, response) =>
    response.end(Buffer.alloc(Number(url.slice(1)))),
  );
  const fetcher = createTestFetcher(t, { port, maxBytes });
  const file = await fetcher.fetchUrl(`http://example.com:${port}/100000`);
  assert.equal((await buffer(file.body)).length, 100_000);
  // Told by its length already.
  await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}/100001`), tooLarge);
});

test('an endless body ends at the limit, and its connection with it', async t => {
  let closed = false;
  const { port } = await startPageServer(t, (_, response) => {
    response.on('close', () => {
      closed = true;
    });
    writeForever(response, Buffer.alloc(10_000)).catch(() => {});
  });
  const file = await createTestFetcher(t, { port, maxBytes }).fetchUrl(`http://example.com:${port}/`);
  await assert.rejects(buffer(file.body), tooLarge);
  while (!closed) await sleep(5, undefined, { signal: t.signal });
});

const packings = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
for (const [encoding, pack] of Object.entries(packings))
  test(`${encoding} is unpacked, and a bomb of it goes off nowhere`, async t => {
    const bomb = pack(Buffer.alloc(30_000_000));
    const { port } = await startPageServer(t, ({ url }, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(url === '/' ? pack('unpacked') : bomb),
    );
    const fetcher = createTestFetcher(t, { port, maxBytes });
    assert.equal(await text((await fetcher.fetchUrl(`http://example.com:${port}/`)).body), 'unpacked');
    let most = 0;
    const file = await fetcher.fetchUrl(`http://example.com:${port}/bomb`);
    const reading = async () => {
      for await (const piece of file.body) most += piece.length;
    };
    await assert.rejects(reading, tooLarge);
    assert.ok(most <= maxBytes);
  });

test('what is packed twice, in an unknown way or broken is refused', async t => {
  const { port } = await startPageServer(t, ({ url = '' }, response) =>
    response
      .writeHead(200, { 'content-encoding': decodeURIComponent(url.slice(1)) })
      .end('not packed at all'),
  );
  const fetcher = createTestFetcher(t, { port });
  for (const encoding of ['gzip, gzip', 'compress', 'aes128gcm'])
    await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}/${encodeURIComponent(encoding)}`), {
      code: 'url_failed',
    });
  for (const encoding of ['gzip', 'br', 'zstd', 'deflate']) {
    const file = await fetcher.fetchUrl(`http://example.com:${port}/${encoding}`);
    await assert.rejects(text(file.body), { code: 'url_failed' }, encoding);
  }
});

test('a body that is cut short fails, packed or not', async t => {
  const packed = gzipSync(Buffer.alloc(10_000, 'abc'));
  const { port } = await startPageServer(t, ({ url }, response) => {
    if (url === '/plain') response.writeHead(200, { 'content-length': 100 }).write('half');
    else response.writeHead(200, { 'content-encoding': 'gzip' }).write(packed.subarray(0, 30));
    setTimeout(() => response.destroy(), 20);
  });
  const fetcher = createTestFetcher(t, { port });
  for (const path of ['/plain', '/gzip']) {
    const file = await fetcher.fetchUrl(`http://example.com:${port}${path}`);
    await assert.rejects(text(file.body), { code: 'url_failed', message: /broken or was cut short/ });
  }
});

test('silence before the headers, and a body that drips, end with the time', async t => {
  const { port } = await startPageServer(t, async ({ url }, response) => {
    if (url === '/silent') return;
    while (!response.destroyed) {
      response.write('.');
      await sleep(20);
    }
  });
  const fetcher = createTestFetcher(t, { port, timeoutMs: 300 });
  const givenUp = { code: 'url_unreachable', message: /was given up after 0\.3 seconds/ };
  await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}/silent`), givenUp);
  const file = await fetcher.fetchUrl(`http://example.com:${port}/drip`);
  await assert.rejects(text(file.body), givenUp);
});

test('a look-up that hangs ends with the time', async t => {
  const lookup = () => new Promise<never>(() => {});
  const hanging = createTestFetcher(t, { port: 80, timeoutMs: 100, lookup });
  await assert.rejects(hanging.fetchUrl('http://example.com/'), { code: 'url_unreachable' });
});

test('a redirect that goes on and on shares one time limit', async t => {
  const { port } = await startPageServer(t, async ({ url = '/' }, response) => {
    await sleep(150);
    response.writeHead(302, { location: `${url}x` }).end();
  });
  const startedAt = performance.now();
  const fetching = createTestFetcher(t, { port, timeoutMs: 400 }).fetchUrl(`http://example.com:${port}/`);
  await assert.rejects(fetching, { code: 'url_unreachable' });
  assert.ok(performance.now() - startedAt < 2_000);
});

test('headers without end are refused', async t => {
  const server = createServer(socket => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = setInterval(() => socket.write(`x-more: ${'y'.repeat(10_000)}\r\n`), 1);
    socket.on('close', () => clearInterval(more));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await assert.rejects(createTestFetcher(t, { port }).fetchUrl(`http://example.com:${port}/`), {
    code: 'url_unreachable',
    message: /UND_ERR_HEADERS_OVERFLOW/,
  });
});

test('the caller can end it before, between and within, with its own reason', async t => {
  const { port } = await startPageServer(t, ({ url }, response) => {
    if (url === '/body') response.write('begun');
  });
  const fetcher = createTestFetcher(t, { port });
  const reason = new Error('enough');
  await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}/`, AbortSignal.abort(reason)), reason);
  for (const path of ['/', '/body']) {
    const ending = new AbortController();
    const fetching = fetcher
      .fetchUrl(`http://example.com:${port}${path}`, ending.signal)
      .then(file => text(file.body));
    setTimeout(() => ending.abort(reason), 50);
    await assert.rejects(fetching, reason);
  }
});

test('closing the fetcher ends what is being fetched, and nothing begins after it', async t => {
  const { port } = await startPageServer(t, (_, response) => void response.write('begun'));
  const fetcher = createTestFetcher(t, { port });
  const file = await fetcher.fetchUrl(`http://example.com:${port}/`);
  const reading = text(file.body);
  fetcher.close();
  await assert.rejects(reading, { code: 'shutting_down' });
  await assert.rejects(fetcher.fetchUrl(`http://example.com:${port}/`), { code: 'shutting_down' });
});

test('a file that nobody reads keeps no connection once it is closed', async t => {
  const closed = Promise.withResolvers<void>();
  const { port } = await startPageServer(t, (_, response) => {
    response.on('close', closed.resolve);
    response.write('begun');
  });
  const file = await createTestFetcher(t, { port }).fetchUrl(`http://example.com:${port}/`);
  await file.close();
  await closed.promise;
});

test('a file that is never read nor closed ends with the time, in silence', async t => {
  const open = new Set<unknown>();
  const { port } = await startPageServer(t, ({ url }, response) => {
    open.add(response);
    response.on('close', () => open.delete(response));
    if (url === '/packed') response.setHeader('content-encoding', 'gzip');
    response.write(url === '/packed' ? gzipSync('begun').subarray(0, 12) : 'begun');
  });
  const fetcher = createTestFetcher(t, { port, timeoutMs: 150 });
  for (const path of ['/plain', '/packed']) await fetcher.fetchUrl(`http://example.com:${port}${path}`);
  assert.equal(open.size, 2);
  while (open.size > 0) await sleep(10, undefined, { signal: t.signal });
});
