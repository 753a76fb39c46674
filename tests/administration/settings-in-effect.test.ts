import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { ProcessSupervisor } from '../../server/processes/process-supervisor.ts';
import {
  type Client,
  createSession,
  expectError,
  postFile,
  postJson,
  postQuestion,
  readHistory,
  removeDocument,
  upload,
} from '../api-client.ts';
import { childEnv, childFlags } from '../child-processes.ts';
import { createTestStorage, type TestApp } from '../create-test-app.ts';
import { eventOf, readAllEvents } from '../event-stream.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { watch } from '../faults/answer-client.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { changeSettings, readServerSettings } from './admin-client.ts';

/** In which a test of a minute's limit is over. */
const MOST_MS = 5_000;

onEachDatabase('limits that are changed while the server runs', createApp => {
  let embeddings: FakeEmbeddingServer;
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    [embeddings, fake] = await Promise.all([startFakeEmbeddingServer(), startFakeLanguageModel()]);
    app = await createApp({
      languageModelUrl: fake.baseUrl,
      env: { ...embeddings.env, TRUSTED_PROXIES: '127.0.0.1', DRAIN_SECONDS: '30' },
    });
    await upload(app, 'The lamp of the lighthouse turns when it is dark.');
  });
  afterEach(async () => {
    fake.defaultBehaviour = answer('It turns at night.');
    const changed = (await readServerSettings(app)).settings.filter(
      ({ source }) => source === 'administration',
    );
    if (changed.length > 0)
      await changeSettings(app, Object.fromEntries(changed.map(({ name }) => [name, null])));
  });
  after(async () => {
    embeddings.close();
    await fake.close();
  });

  /** What comes from this machine itself is not limited; this comes, as a trusted proxy says, from elsewhere. */
  const from = (address: string): Client => ({
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('x-forwarded-for', address);
      return app.fetch(path, { ...init, headers });
    },
  });
  /** Windows begin with each minute. */
  const beWithinOneWindow = async () => {
    const leftMs = 60_000 - (Date.now() % 60_000);
    if (leftMs < MOST_MS) await sleep(leftMs);
  };
  const readSessions = async (client: Client) => {
    const response = await client.fetch('/api/session/');
    const policy = response.headers.get('ratelimit-policy');
    if (response.status === 429) {
      assert.ok(Number(response.headers.get('retry-after')) > 0);
      assert.match(response.headers.get('ratelimit') ?? '', /^"requests";r=0;t=\d+$/);
      await expectError(response, 429, 'rate_limited');
    } else await response.arrayBuffer();
    return [response.status, policy];
  };

  test('RATE_LIMIT_REQUESTS', async () => {
    await beWithinOneWindow();
    const client = from('192.0.2.1');
    assert.deepEqual(await readSessions(client), [200, '"requests";q=6000;w=60']);
    await changeSettings(app, { RATE_LIMIT_REQUESTS: '3' });
    const statuses: unknown[] = [];
    for (let count = 0; count < 3; count += 1) statuses.push(await readSessions(client));
    const policy = '"requests";q=3;w=60';
    assert.deepEqual(statuses, [
      [200, policy],
      [200, policy],
      [429, policy],
    ]);
    await changeSettings(app, { RATE_LIMIT_REQUESTS: '0' });
    assert.deepEqual(await readSessions(client), [200, null]);
    await changeSettings(app, { RATE_LIMIT_REQUESTS: null });
    assert.deepEqual(await readSessions(client), [200, '"requests";q=6000;w=60']);
  });

  test('RATE_LIMIT_UPLOADS', async () => {
    await beWithinOneWindow();
    const client = from('192.0.2.2');
    const send = (part: string) => postFile(client, `The ${part} note.`);
    await changeSettings(app, { RATE_LIMIT_UPLOADS: '1' });
    const first = await send('first');
    assert.equal(first.status, 201);
    assert.match(first.headers.get('ratelimit-policy') ?? '', /"uploads";q=1;w=60/);
    const refused = await send('second');
    assert.match(refused.headers.get('ratelimit') ?? '', /"uploads";r=0;t=\d+/);
    assert.match((await expectError(refused, 429, 'rate_limited')).message, /1 uploads a minute/);
    await changeSettings(app, { RATE_LIMIT_UPLOADS: null });
    assert.equal((await send('third')).status, 201);
  });

  test('RATE_LIMIT_ANSWERS', async () => {
    fake.defaultBehaviour = answer('One two three.', { after: { tokens: 2, next: 'hang' } });
    const client = from('192.0.2.3');
    const begin = async () => postQuestion(client, await createSession(client), 'When does the lamp turn?');
    await changeSettings(app, { RATE_LIMIT_ANSWERS: '1' });
    const first = await watch(0, await begin());
    const refused = await begin();
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal((await expectError(refused, 429, 'rate_limited')).limit, 'answers');
    await changeSettings(app, { RATE_LIMIT_ANSWERS: null });
    const second = await watch(0, await begin());
    for (const { messageId, ended } of [first, second]) {
      await client.fetch(`/api/chat/${messageId}/stop/`, { method: 'POST' });
      await ended;
    }
  });

  test('RATE_LIMIT_TOKENS', async () => {
    const client = from('192.0.2.4');
    const begin = async () => postQuestion(client, await createSession(client), 'When does the lamp turn?');
    await changeSettings(app, { RATE_LIMIT_TOKENS: '5' });
    const first = await readAllEvents(await begin());
    assert.ok(eventOf(first, 'usage').completion_tokens > 0);
    await waitUntil('its tokens are counted', async () => {
      const response = await begin();
      if (response.status === 200) return void (await readAllEvents(response));
      const { message, limit } = await expectError(response, 429, 'rate_limited');
      assert.match(message, /5 tokens a day/);
      return limit === 'tokens';
    });
    await changeSettings(app, { RATE_LIMIT_TOKENS: null });
    assert.equal((await readAllEvents(await begin())).at(-1)?.type, 'done');
  });

  test('OVERLOAD_REQUESTS', async () => {
    const search = () => postJson(app, '/api/search/', { query: 'lamp' });
    await changeSettings(app, { OVERLOAD_REQUESTS: '1' });
    const release = await leaveOneWaiting(app);
    await waitUntil('one more is too many', async () => {
      const response = await search();
      if (response.status === 200) return void (await response.arrayBuffer());
      assert.ok(Number(response.headers.get('retry-after')) > 0);
      return expectError(response, 503, 'overloaded');
    });
    // Whoever watches over the server goes on seeing how it is.
    assert.equal((await app.fetch('/readyz')).status, 200);
    await release();
    await changeSettings(app, { OVERLOAD_REQUESTS: null });
    const releaseAgain = await leaveOneWaiting(app);
    // As long as the refusal above took to come, at least.
    for (let count = 0; count < 10; count += 1) assert.equal((await search()).status, 200);
    await releaseAgain();
  });

  test('OVERLOAD_WAIT_SECONDS', async () => {
    /** How all end that are asked while the first ones stand still in their search, until one is refused. */
    const askAll = async (round: string) => {
      const begin = async (index: number) =>
        postQuestion(app, await createSession(app), `When does the ${round} lamp ${index} turn?`);
      // A word that no question had before: the vector of a question is kept.
      embeddings.hold(new RegExp(round));
      const begun = Array.from({ length: 15 }, (_, index) => begin(index));
      await waitUntil('searches stand still', () => embeddings.held() > 0);
      for (let late = 0; late < 10; late += 1) {
        await sleep(100);
        const response = begin(begun.length);
        begun.push(response);
        if ((await response).status !== 200) break;
      }
      embeddings.release();
      const ends = begun.map(async response =>
        (await response).status === 200
          ? (await readAllEvents(await response)).at(-1)?.type
          : (await expectError(await response, 503, 'overloaded')).code,
      );
      return new Set(await Promise.all(ends));
    };
    assert.deepEqual([...(await askAll('first'))], ['done']);
    await changeSettings(app, { OVERLOAD_WAIT_SECONDS: '0.001' });
    assert.deepEqual([...(await askAll('second'))].sort(), ['done', 'overloaded']);
    await changeSettings(app, { OVERLOAD_WAIT_SECONDS: null });
    assert.deepEqual([...(await askAll('third'))], ['done']);
  });

  test('UPLOAD_WAIT_SECONDS', async () => {
    const send = async (content: string) => {
      const response = await postFile(app, content);
      const { document_id } = (await response.json()) as { document_id: number };
      return { status: response.status, document_id };
    };
    assert.equal((await send('Not every lamp turns.')).status, 201);
    await changeSettings(app, { UPLOAD_WAIT_SECONDS: '0' });
    embeddings.hold(/bright/);
    const startedMs = performance.now();
    const early = await send('Some are as bright as day.');
    assert.equal(early.status, 202);
    assert.ok(performance.now() - startedMs < 30_000, 'it has waited');
    embeddings.release();
    await removeDocument(app, early.document_id);
    await changeSettings(app, { UPLOAD_WAIT_SECONDS: null });
    assert.equal((await send('Others stand still.')).status, 201);
  });

  test('DRAIN_SECONDS', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
    fake.defaultBehaviour = answer(words, { tokensPerSecond: 40 });
    /** How an answer ends during which the server is stopped. */
    const stopMeanwhile = async () => {
      const sessionId = await createSession(app);
      const seen = await watch(sessionId, await postQuestion(app, sessionId, 'When does the lamp turn?'));
      await waitUntil('it has words', () => seen.content.length > 0);
      await app.stop();
      await seen.ended;
      await app.restart();
      return (await readHistory(app, sessionId))[1]?.state;
    };
    await changeSettings(app, { DRAIN_SECONDS: '0' });
    assert.equal(await stopMeanwhile(), 'interrupted');
    await changeSettings(app, { DRAIN_SECONDS: null });
    assert.equal(await stopMeanwhile(), 'complete');
  });
});

/** A request whose body does not end waits for its answer; resolves once the server has it. */
async function leaveOneWaiting(app: TestApp): Promise<() => Promise<void>> {
  const body = JSON.stringify({ query: 'lamp' });
  const waiting = request(`${app.baseUrl}/api/search/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': String(body.length),
      expect: '100-continue',
    },
  });
  waiting.flushHeaders();
  await once(waiting, 'continue');
  return async () => {
    const answered = once(waiting, 'response');
    waiting.end(body);
    const [response] = await answered;
    await text(response);
  };
}

const serverUrl = process.env.TEST_DATABASE_URL;

describe('DRAIN_SECONDS of several processes', {
  skip: serverUrl || process.env.CI ? false : 'TEST_DATABASE_URL is not set',
}, () => {
  test('changed while they run, their supervisor waits as long, too', async context => {
    assert.ok(serverUrl, 'TEST_DATABASE_URL is not set');
    const storage = await createTestStorage(serverUrl);
    const fake = await startFakeLanguageModel();
    const words = Array.from({ length: 80 }, (_, index) => `word${index}`).join(' ');
    fake.defaultBehaviour = answer(words, { tokensPerSecond: 20 });
    const model = { LLM_BASE_URL: fake.baseUrl, LLM_MODEL: 'fake' };
    const env = { ...childEnv, ...storage.env, ...model, DRAIN_SECONDS: '0', EMBEDDING_WORKERS: '1' };
    const supervisor = new ProcessSupervisor({
      count: 1,
      program: { exec: resolve(import.meta.dirname, '../../server/main.ts'), execArgv: childFlags },
      envOf: () => ({ ...env, LOG_LEVEL: 'error' }),
      drainMs: 0,
      stopPatienceMs: 1_500,
      logger: pino({ level: 'silent' }),
    });
    context.after(async () => {
      await supervisor.stop();
      await storage.remove();
      await fake.close();
    });
    const baseUrl = await supervisor.start();
    const client: Client = { fetch: (path, init) => fetch(`${baseUrl}${path}`, init) };
    await changeSettings(client, { DRAIN_SECONDS: '30' });
    const sessionId = await createSession(client);
    const seen = await watch(sessionId, await postQuestion(client, sessionId, 'When does the lamp turn?'));
    await waitUntil('it has words', () => seen.content.length > 0);
    await supervisor.stop();
    await seen.ended;
    assert.equal(seen.content, words);
    assert.equal(seen.events.at(-1)?.event.type, 'done');
  });
});
