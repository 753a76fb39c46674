import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { document, uploadAnswer } from '../../contract/documents.ts';
import {
  expectError,
  expectJson,
  followDocuments,
  listDocuments,
  postFile,
  putFile,
  readDocument,
  removeDocument,
  search,
  upload,
  uploadLater,
  waitUntilReady,
} from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

onEachDatabase('cancelling and processing again', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: { ...embeddings.env, INGESTION_CONCURRENCY: '1' } });
  });
  after(() => embeddings.close());

  const post = (id: number, action: 'cancel' | 'reprocess') =>
    app.fetch(`/api/document/${id}/${action}/`, { method: 'POST' });
  const order = async (id: number, action: 'cancel' | 'reprocess') =>
    document.parse(await expectJson(await post(id, action), 202));
  const cancelled = {
    code: 'document_cancelled',
    message: 'Processing was cancelled.',
    retryable: true,
  };

  test('what is being embedded ends as failed, is not found, and can be processed again', async () => {
    embeddings.hold(/windmill/);
    const waiting = postFile(app, 'The windmill stands still.', { name: 'mill.txt' });
    const id = await waitUntil('it is listed', async () => (await listDocuments(app)).documents[0]?.id);
    await waitUntil('it is being embedded', () => embeddings.held() > 0);
    const stream = await followDocuments(app, `/api/document/${id}/events/`);
    assert.equal((await order(id, 'cancel')).state, 'failed');
    await stream.ended;
    const last = stream.events.at(-1)?.event;
    assert.ok(last?.type === 'document' && last.document.state === 'failed');
    const row = await readDocument(app, id);
    assert.deepEqual([row.state, row.stage, row.error], ['failed', null, cancelled]);
    const error = await expectError(await waiting, 422, 'document_cancelled');
    assert.equal(error.document_id, id);
    embeddings.release();
    assert.deepEqual((await search(app, 'windmill')).results, []);
    await order(id, 'reprocess');
    const ready = await waitUntilReady(app, id);
    assert.deepEqual([ready.error, ready.version], [null, row.version]);
    assert.equal((await search(app, 'windmill')).results[0]?.document_id, id);
  });

  test('what waits in the queue ends at once, and the others go on', async () => {
    embeddings.hold(/one|two/);
    const one = await uploadLater(app, 'Number one.', 'one.txt');
    const two = await uploadLater(app, 'Number two.', 'two.txt');
    await waitUntil('both loops are busy', () => embeddings.held() === 2);
    const three = await uploadLater(app, 'Number three.', 'three.txt');
    assert.equal((await readDocument(app, three)).state, 'queued');
    await order(three, 'cancel');
    assert.deepEqual((await readDocument(app, three)).error, cancelled);
    await order(three, 'reprocess');
    assert.equal((await readDocument(app, three)).state, 'queued');
    embeddings.release();
    for (const id of [one, two, three]) await waitUntilReady(app, id);
  });

  test('cancelling a replacement keeps the old version, and processing again goes on with the new one', async () => {
    const id = await upload(app, 'The timetable of summer.', 'summer.txt');
    const { version } = await readDocument(app, id);
    embeddings.hold(/winter/);
    const waiting = putFile(app, id, 'The timetable of winter.', { name: 'winter.txt' });
    await waitUntil('the new one is being embedded', () => embeddings.held() > 0);
    await order(id, 'cancel');
    await expectError(await waiting, 422, 'document_cancelled');
    const row = await readDocument(app, id);
    assert.deepEqual([row.state, row.version, row.error], ['ready', version, null]);
    assert.deepEqual([row.replacement?.state, row.replacement?.error], ['failed', cancelled]);
    embeddings.release();
    assert.match((await search(app, 'timetable')).results[0]?.text ?? '', /summer/);
    await order(id, 'reprocess');
    await waitUntil('it is replaced', async () => (await readDocument(app, id)).filename === 'winter.txt');
    assert.match((await search(app, 'timetable')).results[0]?.text ?? '', /winter/);
  });

  test('a document that is ready stays as it is when cancelled', async () => {
    const id = await upload(app, 'It is ready already.', 'ready.txt');
    const before = await readDocument(app, id);
    assert.equal((await order(id, 'cancel')).state, 'ready');
    assert.deepEqual(await readDocument(app, id), before);
  });

  test('a ready document is processed again beside itself: a new version of the same document', async () => {
    const id = await upload(app, 'The same text twice.', 'twice.txt');
    const before = await readDocument(app, id);
    embeddings.hold(/twice/);
    assert.equal((await order(id, 'reprocess')).replacement?.state, 'queued');
    await waitUntil('it is embedded again', () => embeddings.held() > 0);
    assert.equal((await readDocument(app, id)).version, before.version);
    // A second order meanwhile changes nothing.
    await order(id, 'reprocess');
    embeddings.release();
    const row = await waitUntil('it is replaced', async () => {
      const now = await readDocument(app, id);
      return now.version !== before.version && now.replacement === null ? now : undefined;
    });
    const { version, timings, updated_at, processing_ms, ...same } = row;
    assert.ok(
      version > before.version && updated_at > before.updated_at && timings && processing_ms !== null,
    );
    for (const [name, value] of Object.entries(same))
      assert.deepEqual(value, before[name as keyof typeof before], name);
    const file = await app.fetch(`/api/document/${id}/file/`);
    assert.equal(await file.text(), 'The same text twice.');
  });

  test('a file that fails fails again in the same way, until it comes under a name that fits', async () => {
    const text = '{"this": is no JSON';
    const error = await expectError(await postFile(app, text, { name: 'a.json' }), 422, 'document_broken');
    const id = Number(error.document_id);
    const { error: failure, version } = await readDocument(app, id);
    assert.deepEqual([failure?.code, failure?.message], ['document_broken', error.message]);
    await order(id, 'reprocess');
    await waitUntil('it has failed again', async () => (await readDocument(app, id)).state === 'failed');
    assert.deepEqual((await readDocument(app, id)).error, failure);
    await expectError(await postFile(app, text, { name: 'b.json' }), 422, 'document_broken');
    const fields: [string, string][] = [['title', 'A text']];
    const again = await postFile(app, text, { name: 'a.txt', fields });
    const answer = uploadAnswer.parse(await expectJson(again, 201));
    assert.deepEqual([answer.document_id, answer.duplicate, answer.filename], [id, false, 'a.txt']);
    const row = await readDocument(app, id);
    assert.deepEqual([row.version, row.title, row.media_type], [version, 'A text', 'text/plain']);
  });

  test('unknown documents get 404, other methods 405 with what is possible', async () => {
    for (const action of ['cancel', 'reprocess'] as const) {
      await expectError(await post(999_999, action), 404, 'not_found');
      const response = await app.fetch(`/api/document/1/${action}/`);
      assert.equal(response.headers.get('allow'), 'POST');
      await expectError(response, 405, 'method_not_allowed');
    }
    const patched = await app.fetch('/api/document/1/file/', { method: 'PATCH' });
    await expectError(patched, 405, 'method_not_allowed');
    await expectError(await app.fetch('/api/document/x/cancel/', { method: 'POST' }), 404, 'not_found');
  });

  test('of cancelled and failed work nothing is left once the documents are deleted', async () => {
    embeddings.hold(/in vain/);
    const id = await uploadLater(app, 'All of this is in vain.', 'vain.txt');
    await waitUntil('it is being embedded', () => embeddings.held() > 0);
    await order(id, 'cancel');
    embeddings.release();
    await waitUntil('its passages are swept', async () => (await readDocument(app, id)).total_passages === 0);
    for (const { id: one } of (await listDocuments(app)).documents) await removeDocument(app, one);
    assert.deepEqual(await app.inspect(countContent), {});
  });
});
