import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { document, documentDeletion, documentList, uploadAnswer } from '../../contract/documents.ts';
import { expectError, expectJson, postFile, readDocument, upload, waitUntilReady } from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';

const oneLine = 'This is a test document about artificial intelligence.';

onEachDatabase('documents', createApp => {
  let app: TestApp;
  before(async () => {
    app = await createApp();
  });

  test('an upload answers 201 with the fixed fields, and the same bytes again 200', async () => {
    const first = await postFile(app, oneLine, { name: 'test.txt' });
    const created = await expectJson(first, 201);
    const { document_id, processing_time } = uploadAnswer.parse(created);
    const fields = {
      document_id,
      filename: 'test.txt',
      status: 'processed',
      total_chunks: 1,
      processing_time,
    };
    assert.deepEqual(created, { ...fields, duplicate: false });
    assert.match(processing_time, /^\d+\.\d\ds$/);

    const again = await expectJson(await postFile(app, oneLine, { name: 'other-name.txt' }), 200);
    assert.deepEqual(again, {
      ...fields,
      processing_time: uploadAnswer.parse(again).processing_time,
      duplicate: true,
    });
  });

  test('an upload works without the trailing slash and tells the document’s true numbers', async () => {
    const text = `${oneLine} ${'It has more than one chunk. '.repeat(200)}`;
    const form = new FormData();
    form.append('file', new Blob([text]), 'longer.txt');
    const answer = await expectJson(await app.fetch('/api/document', { method: 'POST', body: form }), 201);
    const { document_id: id, total_chunks } = uploadAnswer.parse(answer);
    assert.ok(total_chunks > 1);
    const { created_at, updated_at, processing_ms, timings, total_passages, version, ...rest } =
      await readDocument(app, id);
    assert.ok(total_passages >= 1 && created_at <= updated_at && version > 0);
    const { queued_ms = -1, parsing_ms = -1, saving_ms = -1, embedding_ms = -1 } = timings;
    assert.ok(Math.min(queued_ms, parsing_ms, saving_ms, embedding_ms) >= 0, JSON.stringify(timings));
    assert.equal(processing_ms, parsing_ms + saving_ms + embedding_ms);
    assert.deepEqual(rest, {
      id,
      title: null,
      filename: 'longer.txt',
      media_type: 'text/plain',
      byte_size: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
      state: 'ready',
      stage: null,
      progress: 1,
      seconds_left: null,
      error: null,
      text_length: text.length,
      total_chunks,
      notes: [],
      tags: [],
      source: null,
      language: 'en',
      metadata: {},
      replacement: null,
    });
  });

  test('with Prefer: respond-async it answers 202 with the Location, and gets ready later', async () => {
    const text = 'Nobody waits for this document. '.repeat(100);
    const response = await postFile(app, text, { headers: { prefer: 'respond-async, wait=1' } });
    const answer = uploadAnswer.parse(await expectJson(response, 202));
    assert.equal(answer.status, 'processing');
    const location = response.headers.get('location');
    assert.equal(location, `/api/document/${answer.document_id}/`);
    await waitUntilReady(app, answer.document_id);
    assert.ok(document.parse(await expectJson(await app.fetch(location ?? ''), 200)).total_chunks > 0);
  });

  test('twenty uploads of the same bytes at once make one document', async () => {
    const text = 'Twenty people send this at the same moment.';
    const responses = await Promise.all(Array.from({ length: 20 }, () => postFile(app, text)));
    const statuses = responses.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [...Array(19).fill(200), 201]);
    const answers = await Promise.all(
      responses.map(async response => uploadAnswer.parse(await response.json())),
    );
    assert.equal(new Set(answers.map(answer => answer.document_id)).size, 1);
  });

  test('the list filters by state, name and hash, and pages without gap or repetition', async () => {
    const id = await upload(app, 'A 100% unusual_name.', '100%_unusual.txt');
    const list = async (query: string) =>
      documentList.parse(await expectJson(await app.fetch(`/api/document/${query}`), 200));
    const ids = ({ documents }: { documents: { id: number }[] }) => documents.map(row => row.id);
    const { sha256 } = await readDocument(app, id);
    assert.deepEqual(ids(await list(`?sha256=${sha256}`)), [id]);
    assert.deepEqual(ids(await list(`?name=${encodeURIComponent('0%_UNU')}`)), [id]);
    assert.deepEqual(ids(await list('?name=%25unusual')), []);
    assert.deepEqual(ids(await list('?state=failed')), []);
    const all = ids(await list('?state=ready'));
    const paged: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof list>> = await list(`?limit=1${cursor && `&cursor=${cursor}`}`);
      paged.push(...ids(page));
      cursor = page.next_cursor;
    }
    assert.deepEqual(paged, all);
    await expectError(await app.fetch('/api/document/?state=lost'), 400, 'invalid_request');
  });

  test('a document deleted while it is ingested is gone, and its work ends without a trace', async () => {
    const text = Array.from({ length: 2_000 }, (_, index) => `Sentence ${index} takes its time. `).join('');
    const response = await postFile(app, text, { headers: { prefer: 'respond-async' } });
    const { document_id: id } = uploadAnswer.parse(await expectJson(response, 202));
    const receipt = await expectJson(await app.fetch(`/api/document/${id}`, { method: 'DELETE' }), 200);
    assert.equal(documentDeletion.parse(receipt).remaining, 0);
    assert.equal(documentDeletion.parse(receipt).deleted.file_bytes, text.length);
    await expectError(await app.fetch(`/api/document/${id}/`), 404, 'not_found');
    // The queue is free for the next.
    await upload(app, 'What comes after the deleted one.');
  });

  test('the receipt of a deletion counts what went, and no table keeps a row', async () => {
    const { documents } = documentList.parse(
      await expectJson(await app.fetch('/api/document/?limit=200'), 200),
    );
    assert.ok(documents.length > 3);
    for (const { id, byte_size, total_chunks, total_passages } of documents) {
      const response = await app.fetch(`/api/document/${id}/`, { method: 'DELETE' });
      assert.deepEqual(await expectJson(response, 200), {
        document_id: id,
        deleted: {
          chunks: total_chunks,
          passages: total_passages,
          embeddings: total_passages,
          file_bytes: byte_size,
        },
        remaining: 0,
      });
      await expectError(await app.fetch(`/api/document/${id}/`, { method: 'DELETE' }), 404, 'not_found');
    }
    assert.deepEqual(await app.inspect(countContent), {});
  });
});
