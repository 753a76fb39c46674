import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { stoppedAnswer } from '../../contract/chat.ts';
import { expectJson, readHistory } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { contentOf, readAllEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';
import { askAndWatch, type Client, clientOf, resumeAnswer, watch } from './answer-client.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const words = Array.from({ length: 60 }, (_, index) => `wörd${index}😀`).join(' ');

describe('two processes on one database', {
  skip: serverUrl ? false : 'TEST_DATABASE_URL is not set',
}, () => {
  const storages: Awaited<ReturnType<typeof createTestStorage>>[] = [];
  let fake: FakeLanguageModel;
  let processes: LecternProcess[] = [];
  let here: Client;
  let elsewhere: Client;
  before(async () => {
    fake = await startFakeLanguageModel();
    const native = await createTestStorage(serverUrl);
    const folder = await createTestStorage(undefined);
    storages.push(native, folder);
    const env = { ...native.env, DRAIN_SECONDS: '1', LLM_BASE_URL: fake.baseUrl, LLM_MODEL: 'fake' };
    processes = [startLectern(env), startLectern({ ...env, LECTERN_DATA_DIR: folder.dataDir })];
    const clients = await Promise.all(processes.map(clientOf));
    const [first, second] = clients;
    assert.ok(first && second);
    [here, elsewhere] = [first, second];
  });
  after(async () => {
    for (const lectern of processes) await lectern.kill('SIGKILL');
    for (const storage of storages) await storage.remove();
    await fake.close();
  });

  test('an answer that runs in one is followed in the other, without gap or repetition', async () => {
    fake.script(answer(words, { tokensPerSecond: 40 }));
    const seen = await askAndWatch(here, 'Who reads this?');
    const [whole, late] = await Promise.all([
      watch(seen.sessionId, await resumeAnswer(elsewhere, seen.messageId, 0)),
      waitUntil('some words are there', () => seen.content.length > 50).then(async () => {
        const { lastId, content } = seen;
        return {
          before: content,
          after: await readAllEvents(await resumeAnswer(elsewhere, seen.messageId, lastId)),
        };
      }),
    ]);
    await Promise.all([seen.ended, whole.ended]);
    assert.equal(whole.content, words);
    assert.deepEqual(whole.events.at(-1)?.event, seen.events.at(-1)?.event);
    assert.equal(whole.lastId, seen.lastId);
    assert.equal(late.before + contentOf(late.after), words);
    assert.equal(late.after.at(-1)?.type, 'done');
  });

  test('the other one sees words soon, not only at the end', async () => {
    fake.script(answer('One two three.', { after: { tokens: 2, next: 'hang' } }));
    const seen = await askAndWatch(here, 'How soon?');
    const other = await watch(seen.sessionId, await resumeAnswer(elsewhere, seen.messageId, 0));
    await waitUntil('it has the words', () => other.content === 'One two', 5_000);
    await elsewhere.fetch(`/api/chat/${seen.messageId}/stop/`, { method: 'POST' });
    await Promise.all([seen.ended, other.ended]);
  });

  test('stopping in the other closes the connection to the model within a second', async () => {
    fake.requests.length = 0;
    fake.script(answer('One two three.', { after: { tokens: 2, next: 'hang' } }));
    const seen = await askAndWatch(here, 'Will you stop?');
    await waitUntil('it has words', () => seen.content === 'One two');
    const askedMs = performance.now();
    const stopping = elsewhere.fetch(`/api/chat/${seen.messageId}/stop/`, { method: 'POST' });
    assert.equal(await fake.requests[0]?.closed, 'aborted');
    assert.ok(performance.now() - askedMs < 1_000);
    const stopped = stoppedAnswer.parse(await expectJson(await stopping, 200));
    assert.deepEqual(stopped, {
      message_id: seen.messageId,
      state: 'complete',
      finish_reason: 'stopped',
    });
    await seen.ended;
    const last = seen.events.at(-1)?.event;
    assert.ok(last?.type === 'done' && last.finish_reason === 'stopped');
    assert.equal((await readHistory(elsewhere, seen.sessionId))[1]?.content, 'One two');
  });

  test('deleting the session in the other does so too', async () => {
    fake.requests.length = 0;
    fake.script(answer('One two three.', { after: { tokens: 2, next: 'hang' } }));
    const seen = await askAndWatch(here, 'Will you be gone?');
    await waitUntil('it has words', () => seen.content === 'One two');
    const other = await watch(seen.sessionId, await resumeAnswer(elsewhere, seen.messageId, 0));
    const askedMs = performance.now();
    await elsewhere.fetch(`/api/session/${seen.sessionId}/`, { method: 'DELETE' });
    assert.equal(await fake.requests[0]?.closed, 'aborted');
    assert.ok(performance.now() - askedMs < 1_000);
    for (const reader of [seen, other]) {
      await reader.ended;
      const last = reader.events.at(-1)?.event;
      assert.ok(last?.type === 'error' && last.code === 'not_found');
    }
  });

  test('a question with the same Idempotency-Key in the other joins the answer', async () => {
    fake.requests.length = 0;
    fake.script(answer(words, { tokensPerSecond: 60 }));
    const session = await here.fetch('/api/session/create/', { method: 'POST' });
    const { id } = JSON.parse(await session.text());
    const post = (client: Client) =>
      client.fetch('/api/chat/', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'both' },
        body: JSON.stringify({ session_id: id, message: 'Once?' }),
      });
    const streams = await Promise.all(
      [here, elsewhere].map(async client => readAllEvents(await post(client))),
    );
    for (const events of streams) assert.equal(contentOf(events), words);
    assert.equal(fake.requests.length, 1);
  });

  test('when the one is stopped, followers in the other get its end', async () => {
    fake.script(answer('One two three.', { after: { tokens: 2, next: 'hang' } }));
    const seen = await askAndWatch(here, 'Until the end?');
    await waitUntil('it has words', () => seen.content === 'One two');
    const other = await watch(seen.sessionId, await resumeAnswer(elsewhere, seen.messageId, 0));
    assert.equal(await processes[0]?.kill('SIGTERM'), 0);
    await other.ended;
    const last = other.events.at(-1)?.event;
    assert.ok(last?.type === 'error' && last.code === 'shutting_down');
    assert.equal(other.content, 'One two');
  });
});
