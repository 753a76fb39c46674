import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSession, expectError, postJson } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { readAllEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { watch } from '../faults/answer-client.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { multipartFile, sendRaw } from '../raw-request.ts';

onEachDatabase('limits', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({
      languageModelUrl: fake.baseUrl,
      env: {
        TRUSTED_PROXIES: '127.0.0.1',
        RATE_LIMIT_REQUESTS: '20',
        RATE_LIMIT_UPLOADS: '3',
        RATE_LIMIT_ANSWERS: '2',
        RATE_LIMIT_TOKENS: '1000',
      },
    });
  });
  after(() => fake.close());

  /** As a trusted proxy forwards what comes from that address. */
  const from = (address: string) => ({
    fetch: (path: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set('x-forwarded-for', address);
      return app.fetch(path, { ...init, headers });
    },
  });

  test('answers say what is left, and beyond the limit it is 429 with Retry-After, for that address alone', async () => {
    const client = from('192.0.2.1');
    const statuses: number[] = [];
    for (let left = 19; left >= 0; left -= 1) {
      const response = await client.fetch('/api/session/');
      statuses.push(response.status);
      assert.equal(response.headers.get('ratelimit-policy'), '"requests";q=20;w=60');
      assert.match(response.headers.get('ratelimit') ?? '', new RegExp(`^"requests";r=${left};t=\\d+$`));
      await response.arrayBuffer();
    }
    assert.deepEqual([...new Set(statuses)], [200]);
    const refused = await client.fetch('/api/session/');
    const seconds = Number(refused.headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 60, `${seconds}`);
    assert.match(refused.headers.get('ratelimit') ?? '', /^"requests";r=0;t=\d+$/);
    const { message } = await expectError(refused, 429, 'rate_limited');
    assert.match(message, /20 requests a minute/);
    assert.equal((await from('192.0.2.2').fetch('/api/session/')).status, 200);
    // Whoever watches over the server goes on seeing how it is.
    for (const path of ['/livez', '/readyz', '/api/health/'])
      assert.equal((await client.fetch(path)).status, 200, path);
  });

  test('what an untrusted sender says before the proxy is no way around', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 21; count += 1)
      statuses.push((await from(`198.51.100.${count}, 192.0.2.3`).fetch('/api/session/')).status);
    assert.equal(statuses.at(-1), 429);
  });

  test('the addresses of one IPv6 network are one', async () => {
    for (let count = 0; count < 20; count += 1)
      await (await from(`2001:db8:1:2::${count}`).fetch('/api/session/')).arrayBuffer();
    assert.equal((await from('2001:db8:1:2:ffff::1').fetch('/api/session/')).status, 429);
    assert.equal((await from('2001:db8:1:3::1').fetch('/api/session/')).status, 200);
  });

  test('uploads have a limit of their own', async () => {
    const upload = () => {
      const { headers, body } = multipartFile('a.txt', `A text of its own, ${Math.random()}.`);
      const forwarded = { ...headers, 'x-forwarded-for': '192.0.2.4', prefer: 'respond-async' };
      return sendRaw(`${app.baseUrl}/api/document/`, { method: 'POST', headers: forwarded, body });
    };
    for (let count = 0; count < 3; count += 1) assert.ok([201, 202].includes((await upload()).status));
    const { message } = await expectError(await upload(), 429, 'rate_limited');
    assert.match(message, /3 uploads a minute/);
  });

  test('so many answers may run at once, and one that ends makes room', async () => {
    fake.defaultBehaviour = answer('One two three.', { after: { tokens: 2, next: 'hang' } });
    const client = from('192.0.2.5');
    const ask = async () => {
      const session_id = await createSession(client);
      return postJson(client, '/api/chat/', { session_id, message: 'How is it?' });
    };
    const first = await ask();
    const second = await ask();
    const refused = await ask();
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    await expectError(refused, 429, 'rate_limited');
    const stop = async (response: Response) => {
      const seen = await watch(0, response);
      await client.fetch(`/api/chat/${seen.messageId}/stop/`, { method: 'POST' });
      await seen.ended;
    };
    await stop(first);
    const third = await ask();
    assert.equal(third.status, 200);
    await expectError(await ask(), 429, 'rate_limited');
    await Promise.all([second, third].map(stop));
  });

  test('the tokens of a day are counted for each address', async () => {
    fake.defaultBehaviour = answer('word '.repeat(600));
    const client = from('192.0.2.6');
    const ask = async () => {
      const session_id = await createSession(client);
      return postJson(client, '/api/chat/', { session_id, message: 'Do you talk much?' });
    };
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      const response = await ask();
      statuses.push(response.status);
      if (response.status === 200) await readAllEvents(response);
      else assert.match((await expectError(response, 429, 'rate_limited')).message, /1,000 tokens a day/);
    }
    assert.equal(statuses[0], 200);
    assert.equal(statuses.at(-1), 429);
  });

  test('what comes from this machine itself is not limited', async () => {
    for (let count = 0; count < 30; count += 1) {
      const response = await app.fetch('/api/session/');
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('ratelimit'), null);
      await response.arrayBuffer();
    }
  });
});

onEachDatabase('forwarded requests', createApp => {
  test('without trusted proxies X-Forwarded-For is a claim: all count for the sender, and the log says so once', async () => {
    const app = await createApp({ env: { RATE_LIMIT_REQUESTS: '5', SKIP_MODEL_LOADING: 'true' } });
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      const headers = { 'x-forwarded-for': `192.0.2.${count}`, 'x-forwarded-host': 'evil.example' };
      statuses.push((await app.fetch('/api/session/', { headers })).status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
    assert.equal(app.log.text.match(/not in TRUSTED_PROXIES/g)?.length, 1);
  });

  test('a trusted proxy may name the host that was asked, which must be allowed', async () => {
    const app = await createApp({
      env: { TRUSTED_PROXIES: 'loopback', ALLOWED_HOSTS: 'docs.example.com', SKIP_MODEL_LOADING: 'true' },
    });
    const create = (host: string, origin: string) =>
      app.fetch('/api/session/create/', {
        method: 'POST',
        headers: { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-host': host, origin },
      });
    assert.equal((await create('docs.example.com', 'https://docs.example.com')).status, 201);
    await expectError(await create('docs.example.com', 'https://evil.example'), 403, 'origin_not_allowed');
    await expectError(await create('evil.example', 'https://evil.example'), 421, 'host_not_allowed');
  });
});
