import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createSession, readHistory } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';
import { type Client, clientOf } from './answer-client.ts';

const READERS = 20;
/** Far more than the buffers of both ends of a connection hold. */
const text = Array.from({ length: 40_000 }, (_, index) => `word${index}`).join(' ');

describe('clients that do not read', () => {
  let storage: Awaited<ReturnType<typeof createTestStorage>>;
  let fake: FakeLanguageModel;
  let lectern: LecternProcess;
  let client: Client;
  before(async () => {
    storage = await createTestStorage(undefined);
    fake = await startFakeLanguageModel({ defaultBehaviour: answer(text, { tokensPerSecond: 20_000 }) });
    lectern = startLectern({ ...storage.env, LLM_BASE_URL: fake.baseUrl, LLM_MODEL: 'fake' });
    client = await clientOf(lectern);
  });
  after(async () => {
    await lectern.kill('SIGKILL');
    await fake.close();
    await storage.remove();
  });

  /** A client that asks and reads nothing until it is told to. */
  const openPaused = (path: string) =>
    new Promise<() => Promise<string>>((resolve, reject) => {
      const sent = request(`${client.baseUrl}${path}`, { agent: false }, response => {
        response.pause();
        resolve(async () => {
          let body = '';
          for await (const piece of response.setEncoding('utf8')) body += piece;
          return body;
        });
      });
      sent.on('error', reject).end();
    });
  const contentOf = (body: string) =>
    body
      .split('\n\n')
      .filter(block => block.startsWith('id: '))
      .map(block => JSON.parse(block.slice(block.indexOf('data: ') + 6)))
      .filter(event => event.type === 'content')
      .map(event => event.content)
      .join('');

  test('hold nobody up, and get everything when they come back to reading', async () => {
    const sessionId = await createSession(client);
    const asked = client.fetch('/api/chat/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session_id: sessionId, message: 'Do you read?' }),
    });
    const messageId = await waitUntil(
      'the answer runs',
      async () => (await readHistory(client, sessionId))[1]?.id,
    );
    const paused = await Promise.all(
      Array.from({ length: READERS }, () => openPaused(`/api/chat/${messageId}/stream/`)),
    );
    // One that reads is done while the others have not begun.
    assert.equal(contentOf(await (await asked).text()), text);
    assert.equal((await readHistory(client, sessionId))[1]?.state, 'complete');
    for (const readOn of [paused[0], paused.at(-1)]) assert.equal(contentOf((await readOn?.()) ?? ''), text);
  });
});
