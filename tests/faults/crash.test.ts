import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { createSession, postQuestion, readHistory } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { readEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';

/** What a client needs of an app. */
const clientOf = async (lectern: LecternProcess) => {
  const baseUrl = await lectern.baseUrl();
  return { baseUrl, fetch: (path: string, init?: RequestInit) => fetch(`${baseUrl}${path}`, init) };
};

type Storage = Awaited<ReturnType<typeof createTestStorage>>;

describe('a server that is killed', () => {
  let storage: Storage;
  let fake: FakeLanguageModel;
  const started: LecternProcess[] = [];
  const start = (env: Record<string, string> = {}) => {
    const lectern = startLectern({ ...storage.env, ...env });
    started.push(lectern);
    return lectern;
  };
  before(async () => {
    storage = await createTestStorage(undefined);
    fake = await startFakeLanguageModel({
      defaultBehaviour: answer('One two three.', { after: { tokens: 2, next: 'hang' } }),
    });
  });
  afterEach(async () => {
    for (const lectern of started.splice(0)) await lectern.kill('SIGKILL');
  });
  after(async () => {
    await fake.close();
    await storage.remove();
  });

  test('within an answer keeps the question, and the answer is interrupted', async () => {
    const model = { LLM_BASE_URL: fake.baseUrl, LLM_MODEL: 'fake' };
    const first = start(model);
    const client = await clientOf(first);
    const sessionId = await createSession(client);
    for await (const event of readEvents(await postQuestion(client, sessionId, 'Will this be kept?')))
      if (event.type === 'content') break;
    await first.kill('SIGKILL');

    const client2 = await clientOf(start(model));
    const [question, answered] = await readHistory(client2, sessionId);
    assert.equal(question?.content, 'Will this be kept?');
    assert.equal(answered?.state, 'interrupted');
    assert.equal((await postQuestion(client2, sessionId, 'Again?')).status, 200);
  });
});
