import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { stoppedAnswer } from '../../contract/chat.ts';
import { createSession, expectJson, postFile, readHistory, search } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';
import { askAndWatch, type Client, clientOf, resumeAnswer, watch } from './answer-client.ts';
import { startPrivatePooler, whyNoPooler } from './private-pooler.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const missing = serverUrl ? whyNoPooler() : 'TEST_DATABASE_URL is not set';

describe('two processes behind PgBouncer in transaction mode', {
  skip: missing !== undefined && !process.env.CI ? missing : false,
}, () => {
  const storages: Awaited<ReturnType<typeof createTestStorage>>[] = [];
  let pooler: Awaited<ReturnType<typeof startPrivatePooler>>;
  let fake: FakeLanguageModel;
  let processes: LecternProcess[] = [];
  let here: Client;
  let elsewhere: Client;
  before(async () => {
    assert.equal(missing, undefined);
    fake = await startFakeLanguageModel();
    storages.push(await createTestStorage(serverUrl), await createTestStorage(undefined));
    const [native, folder] = storages;
    assert.ok(native?.databaseUrl && folder);
    pooler = await startPrivatePooler(native.databaseUrl);
    const env = {
      ...native.env,
      DATABASE_URL: pooler.url,
      DRAIN_SECONDS: '1',
      LLM_BASE_URL: fake.baseUrl,
      LLM_MODEL: 'fake',
    };
    processes = [
      startLectern({ ...env, LECTERN_ROLE: 'api' }),
      startLectern({ ...env, LECTERN_DATA_DIR: folder.dataDir }),
    ];
    const [first, second] = await Promise.all(processes.map(clientOf));
    assert.ok(first && second);
    [here, elsewhere] = [first, second];
  });
  after(async () => {
    for (const lectern of processes) await lectern.kill('SIGKILL');
    await pooler?.remove();
    for (const storage of storages) await storage.remove();
    await fake?.close();
  });

  test('what is uploaded in the one is processed in the other and found in both', async () => {
    const uploaded = await postFile(here, 'The lighthouse of Amrum is 41 metres tall. It was built in 1875.');
    assert.equal(uploaded.status, 201);
    for (const client of [here, elsewhere])
      assert.equal((await search(client, 'How tall is the lighthouse of Amrum?')).results.length, 1);
  });

  test('many requests at once, each over whatever session is free, all succeed', async () => {
    fake.defaultBehaviour = answer('It is **41 metres** tall [1].');
    const asked = Array.from({ length: 40 }, async (_, index) => {
      const client = index % 2 ? here : elsewhere;
      const seen = await askAndWatch(client, `How tall is the lighthouse of Amrum in ${index} feet?`);
      await seen.ended;
      assert.equal(seen.events.at(-1)?.event.type, 'done');
      await readHistory(client, await createSession(client));
    });
    await Promise.all(asked);
  });

  test('an answer of the one is followed and stopped in the other', async () => {
    fake.defaultBehaviour = answer('One two three.', { after: { tokens: 2, next: 'hang' } });
    const seen = await askAndWatch(here, 'How tall is the lighthouse of Amrum?');
    await waitUntil('it has words', () => seen.content === 'One two');
    const other = await watch(seen.sessionId, await resumeAnswer(elsewhere, seen.messageId, 0));
    await waitUntil('the other has them', () => other.content === 'One two', 2_000);
    const askedMs = performance.now();
    const stopping = elsewhere.fetch(`/api/chat/${seen.messageId}/stop/`, { method: 'POST' });
    await Promise.all([seen.ended, other.ended]);
    assert.ok(performance.now() - askedMs < 1_000);
    assert.equal(stoppedAnswer.parse(await expectJson(await stopping, 200)).finish_reason, 'stopped');
  });

  test('both say that they look instead of listening, and nothing failed', () => {
    for (const lectern of processes) {
      assert.match(lectern.output(), /A pooler stands before the database/);
      assert.doesNotMatch(lectern.output(), /"level":"(warn|error|fatal)"/);
    }
  });
});
