import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createSession, postQuestion, readHistory } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { createNativeDatabase } from '../database-templates/native-database.ts';
import { contentOf, readAllEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const native = { skip: serverUrl ? false : 'TEST_DATABASE_URL is not set' };

describe('processes', () => {
  const started: LecternProcess[] = [];
  const storages: Awaited<ReturnType<typeof createTestStorage>>[] = [];
  let fake: FakeLanguageModel;
  before(async () => {
    fake = await startFakeLanguageModel();
  });
  after(async () => {
    for (const lectern of started) await lectern.kill('SIGKILL');
    for (const storage of storages) await storage.remove();
    await fake.close();
  });
  const createStorage = async (url?: string) => {
    const storage = await createTestStorage(url);
    storages.push(storage);
    return storage;
  };
  const start = (env: Record<string, string>) => {
    const lectern = startLectern(env);
    started.push(lectern);
    return lectern;
  };
  const clientOf = async (lectern: LecternProcess) => {
    const baseUrl = await lectern.baseUrl();
    return { fetch: (path: string, init?: RequestInit) => fetch(`${baseUrl}${path}`, init) };
  };

  test('a second process on the same data folder exits with 1, naming the first', async () => {
    const { env } = await createStorage();
    const first = start(env);
    const url = await first.baseUrl();
    const second = start(env);
    assert.equal(await second.ended, 1);
    assert.match(second.output(), new RegExp(`in use by process ${first.child.pid} .*${url}`));
    assert.equal((await fetch(`${url}/api/health/`)).status, 200);
    assert.equal(await first.kill('SIGTERM'), 0);
    assert.equal(
      await start(env)
        .kill('SIGTERM')
        .then(() => 'free'),
      'free',
    );
  });

  test('a port in use ends the start with 1 and says which', async () => {
    const first = start((await createStorage()).env);
    const { port } = new URL(await first.baseUrl());
    const second = start({ ...(await createStorage()).env, PORT: port });
    assert.equal(await second.ended, 1);
    assert.match(second.output(), new RegExp(port));
    assert.equal(await first.kill('SIGTERM'), 0);
  });

  test('SIGTERM lets a running answer finish, refuses new questions and exits with 0', async () => {
    const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
    fake.defaultBehaviour = answer(words, { tokensPerSecond: 60 });
    const { env } = await createStorage();
    const model = { LLM_BASE_URL: fake.baseUrl, LLM_MODEL: 'fake' };
    const first = start({ ...env, ...model });
    const client = await clientOf(first);
    const sessionId = await createSession(client);
    const reading = readAllEvents(await postQuestion(client, sessionId, 'Can you finish?'));
    await waitUntil('the model is asked', () => fake.requests.length > 0);
    const ended = first.kill('SIGTERM');
    await waitUntil('it drains', async () => (await client.fetch('/readyz')).status === 503);
    const events = await reading;
    assert.equal(events.at(-1)?.type, 'done');
    assert.equal(contentOf(events), words);
    assert.equal(await ended, 0);

    const again = await clientOf(start({ ...env, ...model }));
    assert.equal((await readHistory(again, sessionId))[1]?.content, words);
  });

  test('SIGTERM with an answer that does not end saves its part as interrupted', async () => {
    fake.requests.length = 0;
    fake.defaultBehaviour = answer('One two three.', { after: { tokens: 2, next: 'hang' } });
    const { env } = await createStorage();
    const settings = { ...env, LLM_BASE_URL: fake.baseUrl, LLM_MODEL: 'fake', DRAIN_SECONDS: '0' };
    const first = start(settings);
    const client = await clientOf(first);
    const sessionId = await createSession(client);
    const response = await postQuestion(client, sessionId, 'Will you end?');
    await waitUntil('the model is asked', () => fake.requests.length > 0);
    const reading = readAllEvents(response);
    assert.equal(await first.kill('SIGTERM'), 0);
    const last = (await reading).at(-1);
    assert.ok(last?.type === 'error' && last.code === 'shutting_down');
    const [, answered] = await readHistory(await clientOf(start(settings)), sessionId);
    assert.match(answered?.state ?? '', /^(interrupted|failed)$/);
  });

  test('a client that does not read its answer does not keep the server from stopping', async () => {
    const first = start((await createStorage()).env);
    const client = await clientOf(first);
    const { hostname: host, port } = new URL(await first.baseUrl());
    const stalled = connect({ host, port: Number(port) }).pause();
    stalled.on('error', () => {}); // It is hung up on.
    // Far more than the buffers of both ends hold.
    const request = `GET /api/docs/static/swagger-ui-bundle.js HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    stalled.write(request.repeat(30));
    await once(stalled, 'connect');
    // A request of another connection that is answered later: the first of those above is under way.
    await waitUntil('the answer has begun', async () => {
      await (await client.fetch('/livez')).arrayBuffer();
      stalled.read(0);
      return stalled.readableLength > 0;
    });
    assert.equal(await first.kill('SIGTERM'), 0);
    stalled.destroy();
  });

  test('two processes that migrate one database at once both get ready', native, async context => {
    assert.ok(serverUrl);
    const database = await createNativeDatabase(serverUrl, { isEmpty: true });
    context.after(() => database.drop());
    const folders = [await createStorage(), await createStorage()];
    const both = folders.map(({ env }) => start({ ...env, DATABASE_URL: database.url }));
    for (const lectern of both) assert.ok(await lectern.baseUrl());
    const migrated = both.filter(lectern => lectern.output().includes('database migrated'));
    assert.equal(migrated.length, 1);
    for (const lectern of both) assert.equal(await lectern.kill('SIGTERM'), 0);
  });
});
