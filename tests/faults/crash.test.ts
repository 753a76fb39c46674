import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { documentList } from '../../contract/documents.ts';
import { createSession, postFile, postQuestion, readHistory, waitUntilReady } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { readEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';

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

  // Moments of the ingestion, by what has been saved when the kill comes.
  for (const progress of [0, 0.01, 0.3, 0.6, 0.95])
    test(`at ${100 * progress} % of an ingestion has the whole document, once, after its restart`, async () => {
      const text = Array.from(
        { length: 1_600 },
        (_, line) => `${progress}: this is sentence ${line} of all. `,
      ).join('');
      const first = start();
      const client = await clientOf(first);
      const response = await postFile(client, text, { headers: { prefer: 'respond-async' } });
      const { document_id } = (await response.json()) as { document_id: number };
      if (progress > 0)
        await waitUntil('the ingestion has come so far', async () => {
          const row = (await (await client.fetch(`/api/document/${document_id}/`)).json()) as {
            progress: number;
          };
          return row.progress >= progress;
        });
      await first.kill('SIGKILL');

      const second = start();
      const again = await clientOf(second);
      const ready = await waitUntilReady(again, document_id);
      assert.ok(ready.total_passages > 64, 'long enough to be killed within');
      const listed = await (await again.fetch(`/api/document/?sha256=${ready.sha256}`)).json();
      assert.deepEqual(
        documentList.parse(listed).documents.map(row => row.id),
        [document_id],
      );
      const deletion = await (
        await again.fetch(`/api/document/${document_id}/`, { method: 'DELETE' })
      ).json();
      assert.deepEqual(deletion, {
        document_id,
        deleted: {
          chunks: ready.total_chunks,
          passages: ready.total_passages,
          embeddings: ready.total_passages,
          file_bytes: text.length,
        },
        remaining: 0,
      });
      await second.kill('SIGKILL');
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
