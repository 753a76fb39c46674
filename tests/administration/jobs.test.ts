import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { auditTable, jobStates, jobTable, serverJobTable } from '../../contract/administration/tables.ts';
import { createFirstAdmin } from '../accounts/account-client.ts';
import type { Browser } from '../accounts/browser.ts';
import { readDocument, uploadLater } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { bulk, readCsv, readTable, readWhole } from './admin-client.ts';

onEachDatabase('the table of jobs', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  let ada: Browser;
  let id: number;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
    ada = await createFirstAdmin(app);
  });

  const jobs = async (query = '') => (await readTable(ada, jobTable, `job/${query}`)).items;

  test('shows what waits and runs, and cancelling ends it', async () => {
    embeddings.close();
    id = await uploadLater(ada, 'This text can not be embedded now.', 'stuck.txt');
    const job = await waitUntil('there is a job', async () => (await jobs())[0]);
    assert.deepEqual([job.document_id, job.filename], [id, 'stuck.txt']);
    assert.ok(jobStates.includes(job.state) && job.state !== 'failed', job.state);
    const result = await bulk(ada, 'job/bulk/', 'cancel', [job.id, 987_654]);
    assert.deepEqual(
      result.results.map(({ code }) => code),
      [null, 'not_found'],
    );
    assert.equal((await readDocument(ada, id)).error?.code, 'document_cancelled');
  });

  test('shows what failed with its reason, of all workspaces without its name', async () => {
    const [failed] = await jobs('?state=failed');
    assert.deepEqual([failed?.state, failed?.error?.code], ['failed', 'document_cancelled']);
    assert.deepEqual(await jobs('?state=waiting'), []);
    const answer = await ada.fetch('/api/admin/server/job/?state=failed');
    const text = await answer.text();
    assert.ok(!text.includes('stuck'));
    const [ofServer] = serverJobTable.parse(JSON.parse(text)).items;
    assert.deepEqual([ofServer?.id, ofServer?.workspace.name], [failed?.id, 'default']);
    const [row] = await readCsv(ada, 'job/export/');
    assert.deepEqual([row?.state, row?.['error.code']], ['failed', 'document_cancelled']);
  });

  test('a failed one is tried again, and one that ended is not cancelled', async () => {
    const [failed] = await jobs('?state=failed');
    assert.ok(failed);
    const late = await bulk(ada, 'server/job/bulk/', 'cancel', [failed.id]);
    assert.equal(late.results[0]?.code, 'invalid_request');
    assert.equal((await bulk(ada, 'server/job/bulk/', 'retry', [failed.id])).done, 1);
    const [again] = await jobs();
    assert.ok(again && again.state !== 'failed');
    const twice = await bulk(ada, 'job/bulk/', 'retry', [again.id]);
    assert.equal(twice.results[0]?.code, 'invalid_request');
    assert.equal((await bulk(ada, 'job/bulk/', 'cancel', [again.id])).done, 1);
    const { items } = await readTable(ada, auditTable, 'audit/?order=asc');
    assert.deepEqual(
      items.filter(({ action }) => action.startsWith('job-')).map(({ action }) => action),
      ['job-cancelled', 'job-retried', 'job-cancelled'],
    );
  });

  test('pages go through waiting and failed ones alike', async () => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await uploadLater(ada, `Another text: ${name}`, name);
    const all = await jobs('?limit=200');
    assert.equal(all.length, 4);
    for (const order of ['asc', 'desc'])
      assert.deepEqual(
        (await readWhole(ada, jobTable, `job/?order=${order}&limit=1`)).map(job => job.id),
        all.map(job => job.id).toSorted((a, b) => (order === 'asc' ? a - b : b - a)),
      );
  });
});
