import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Client, createSession, expectError, postJson } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { readAllEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { watch } from '../faults/answer-client.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { createFirstAdmin, createKey, invite, withKey } from './account-client.ts';

onEachDatabase('limits of users and keys', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  let ada: Client;
  let people: Client[];
  let nextAddress = 1;

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
    ada = await createFirstAdmin(app);
    people = [];
    for (const name of ['bob', 'cleo', 'dan', 'eve', 'finn', 'gus', 'hal'])
      people.push(await invite(app, ada, `${name}@example.com`, 'editor'));
  });
  after(() => fake.close());

  /** From another address with every request: no address comes to its limit. */
  const roaming = (client: Client): Client => ({
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('x-forwarded-for', `198.51.100.${nextAddress % 250}, 203.0.113.${nextAddress % 250}`);
      nextAddress += 1;
      return client.fetch(path, { ...init, headers });
    },
  });
  const person = (): Client => {
    const one = people.pop();
    assert.ok(one, 'everybody has come to a limit already');
    return roaming(one);
  };
  const key = async () => roaming(withKey(app, (await createKey(ada, ['read', 'ask', 'write'])).secret));

  const both = [
    ['a user', async () => person()],
    ['an API key', key],
  ] as const;

  for (const [whose, make] of both) {
    test(`the requests of ${whose} are counted wherever they come from`, async () => {
      const client = await make();
      for (let left = 19; left >= 0; left -= 1) {
        const response = await client.fetch('/api/session/');
        assert.equal(response.status, 200);
        // Of user and address the one who has less left.
        assert.equal(response.headers.get('ratelimit-policy'), '"requests";q=20;w=60');
        assert.match(response.headers.get('ratelimit') ?? '', new RegExp(`^"requests";r=${left};t=\\d+$`));
        await response.arrayBuffer();
      }
      const refused = await client.fetch('/api/session/');
      assert.ok(Number(refused.headers.get('retry-after')) >= 1);
      assert.match(refused.headers.get('ratelimit') ?? '', /^"requests";r=0;t=\d+$/);
      await expectError(refused, 429, 'rate_limited');
      // Others go on, and what needs nobody to be known too.
      assert.equal((await roaming(app).fetch('/api/auth/state/')).status, 200);
      assert.equal((await (await key()).fetch('/api/session/')).status, 200);
    });

    test(`so are the answers of ${whose} that run, and their tokens of the day`, async () => {
      fake.defaultBehaviour = answer('One two three.', { after: { tokens: 2, next: 'hang' } });
      const client = await make();
      const begin = async () => {
        const session_id = await createSession(client);
        return postJson(client, '/api/chat/', { session_id, message: 'How is it?' });
      };
      const running = [await begin(), await begin()];
      await expectError(await begin(), 429, 'rate_limited');
      for (const response of running) {
        const seen = await watch(0, response);
        await client.fetch(`/api/chat/${seen.messageId}/stop/`, { method: 'POST' });
        await seen.ended;
      }
      fake.defaultBehaviour = answer('word '.repeat(1_200));
      const long = await begin();
      assert.equal(long.status, 200);
      await readAllEvents(long);
      const { message } = await expectError(await begin(), 429, 'rate_limited');
      assert.match(message, /1,000 tokens a day/);
    });
  }

  test('a key does not count for who made it, nor the other way round', async () => {
    const bob = person();
    const client = await key();
    for (let count = 0; count < 20; count += 1) await (await client.fetch('/api/session/')).arrayBuffer();
    await expectError(await client.fetch('/api/session/'), 429, 'rate_limited');
    assert.equal((await roaming(ada).fetch('/api/session/')).status, 200);
    assert.equal((await bob.fetch('/api/session/')).status, 200);
  });

  test('whoever sits at the machine itself is not limited', async () => {
    for (let count = 0; count < 25; count += 1) {
      const response = await ada.fetch('/api/session/');
      assert.equal(response.status, 200);
      await response.arrayBuffer();
    }
  });

  // Last: answers are refused where documents do not hold them, and nothing runs then.
  for (const [whose, make] of both)
    test(`the uploads of ${whose} are counted`, async () => {
      const client = await make();
      const send = () =>
        postJson(client, '/api/document/', { title: 'A note', text: `Of its own, ${Math.random()}.` });
      for (let count = 0; count < 3; count += 1) assert.ok((await send()).ok);
      assert.match((await expectError(await send(), 429, 'rate_limited')).message, /3 uploads a minute/);
    });
});
