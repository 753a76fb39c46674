import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  createSession,
  postFile,
  postQuestion,
  readDocument,
  readHistory,
  waitUntilReady,
} from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';
import { startCable } from './cable.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const reason = 'TEST_DATABASE_URL names no native PostgreSQL: `.ci/native-postgres start` prints one';

describe('a native database that is away for a while', {
  skip: serverUrl || process.env.CI ? false : reason,
}, () => {
  let storage: Awaited<ReturnType<typeof createTestStorage>>;
  let cable: Awaited<ReturnType<typeof startCable>>;
  let fake: FakeLanguageModel;
  let lectern: LecternProcess;
  let app: { fetch(path: string, init?: RequestInit): Promise<Response> };
  before(async () => {
    assert.ok(serverUrl, reason);
    storage = await createTestStorage(serverUrl);
    assert.ok(storage.databaseUrl);
    cable = await startCable(new URL(storage.databaseUrl));
    fake = await startFakeLanguageModel();
    const model = { LLM_BASE_URL: fake.baseUrl, LLM_MODEL: 'fake' };
    lectern = startLectern({ ...storage.env, ...model, DATABASE_URL: cable.url });
    const baseUrl = await lectern.baseUrl();
    app = { fetch: (path, init) => fetch(`${baseUrl}${path}`, init) };
  });
  after(async () => {
    await lectern?.kill('SIGKILL');
    cable?.close();
    await fake?.close();
    await storage?.remove();
  });

  test('requests get 503 with Retry-After meanwhile, and an ingestion goes on afterwards', async () => {
    const text = Array.from({ length: 4_000 }, (_, line) => `This is sentence ${line} of all. `).join('');
    const response = await postFile(app, text, { headers: { prefer: 'respond-async' } });
    const { document_id } = (await response.json()) as { document_id: number };
    await waitUntil('the ingestion runs', async () => (await readDocument(app, document_id)).progress > 0.1);
    cable.cut();
    const away = await app.fetch('/api/document/');
    assert.equal(away.status, 503);
    assert.ok(Number(away.headers.get('retry-after')) > 0);
    assert.equal((await app.fetch('/livez')).status, 200);
    assert.equal((await app.fetch('/readyz')).status, 503);
    await waitUntil('the ingestion has noticed', () => lectern.output().includes('ingestion failed'));
    cable.mend();
    const ready = await waitUntilReady(app, document_id);
    assert.ok(ready.total_passages > 64);
  });

  test('an answer that ends meanwhile is saved afterwards, and only then said to be done', async () => {
    const sessionId = await createSession(app);
    fake.script(answer('One two three four five six seven eight nine ten.', { tokensPerSecond: 5 }));
    const response = await postQuestion(app, sessionId, 'How far can you count?');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let stream = '';
    const readOn = async () => {
      const piece = await reader?.read();
      stream += piece?.value ?? '';
      return piece?.done !== true;
    };
    while (!stream.includes('"content"')) await readOn();
    cable.cut();
    await waitUntil('saving was tried in vain', () => lectern.output().includes('could not be saved yet'));
    assert.ok(!stream.includes('"done"'));
    cable.mend();
    while (await readOn());
    assert.match(stream, /"type":"done"/);
    const history = await readHistory(app, sessionId);
    assert.equal(history.at(-1)?.content, 'One two three four five six seven eight nine ten.');
    assert.equal(history.at(-1)?.state, 'complete');
    assert.equal((await postQuestion(app, sessionId, 'And further?')).status, 200);
  });
});
