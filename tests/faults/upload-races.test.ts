import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { doctorReport } from '../../contract/doctor.ts';
import { documentList } from '../../contract/documents.ts';
import { expectJson, postFile, postJson, upload } from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { findByContent } from './kill-rig.ts';

const ROUNDS = 8;
const UPLOADS = 20;

onEachDatabase('the same bytes from all sides', createApp => {
  let app: TestApp;
  let embedder: FakeEmbeddingServer;
  before(async () => {
    embedder = await startFakeEmbeddingServer();
    app = await createApp({ env: { ...embedder.env, INGESTION_CONCURRENCY: '4' } });
  });
  after(() => embedder.close());

  /** What the server may say in such a turmoil, and nothing else. */
  const expectOneOf = async (statuses: number[], request: Promise<Response>) => {
    const response = await request;
    const text = await response.text();
    assert.ok(statuses.includes(response.status), `${response.status} ${text}`);
  };
  const put = (id: number, content: string) => {
    const form = new FormData();
    form.append('file', new Blob([content]), 'document.txt');
    return app.fetch(`/api/document/${id}/`, { method: 'PUT', body: form });
  };
  const post = (id: number, action: string) =>
    app.fetch(`/api/document/${id}/${action}/`, { method: 'POST' });
  const remove = (id: number) => app.fetch(`/api/document/${id}/`, { method: 'DELETE' });
  const listAll = async () =>
    documentList.parse(await expectJson(await app.fetch('/api/document/?limit=200'), 200)).documents;

  /** Uploads, and on whatever document they make everything that can be done to it, all at once. */
  const raceFor = async (content: string, round: number) => {
    const other = await upload(app, `Another document, number ${round}.`);
    const uploads = Array.from({ length: UPLOADS }, () =>
      expectOneOf([200, 201, 202, 404, 422], postFile(app, content)),
    );
    const disturb = async (turn: number) => {
      const [id] = await waitUntil('it is there, or all is over', async () => {
        const found = await findByContent(app, content);
        return found.length > 0 || isOver ? found : undefined;
      });
      if (id === undefined) return;
      const actions = [
        () => expectOneOf([200, 404], remove(id)),
        () => expectOneOf([200, 202, 404, 409, 422], put(other, content)),
        () =>
          expectOneOf([200, 202, 404, 409, 422], put(id, `Its replacement in round ${round}, turn ${turn}.`)),
        () => expectOneOf([200, 202, 404, 409, 422], put(id, content)),
        () => expectOneOf([202, 404], post(id, 'cancel')),
        () => expectOneOf([202, 404], post(id, 'reprocess')),
      ];
      await actions[turn % actions.length]?.();
    };
    let isOver = false;
    const uploading = Promise.all(uploads).finally(() => {
      isOver = true;
    });
    await Promise.all([uploading, ...Array.from({ length: 18 }, (_, turn) => disturb(turn))]);
  };

  test('make one document or none, whatever happens to it meanwhile', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const content = `The same bytes, round ${round}. `.repeat(60);
      await raceFor(content, round);
      const found = await findByContent(app, content);
      assert.ok(found.length <= 1, `documents ${found}`);
    }
    await waitUntil('all work has ended', async () => {
      const unfinished = (await listAll()).filter(({ state, replacement }) =>
        [state, replacement?.state ?? 'ready'].some(one => !['ready', 'failed'].includes(one)),
      );
      return unfinished.length === 0;
    });
    assert.doesNotMatch(app.log.text, /40P01|deadlock detected|"statusCode":5\d\d/);
  });

  test('leave what the doctor finds healthy, and nothing once all is deleted', async () => {
    const report = doctorReport.parse(await expectJson(await postJson(app, '/api/doctor/', {}), 200));
    assert.ok(report.healthy, JSON.stringify(report.checks.filter(({ found }) => found > 0)));
    for (const { id } of await listAll()) await expectOneOf([200], remove(id));
    assert.deepEqual(await app.inspect(countContent), {});
  });
});
