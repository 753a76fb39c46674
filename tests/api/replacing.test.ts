import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { documentDeletion, documentText, uploadAnswer } from '../../contract/documents.ts';
import {
  expectError,
  expectJson,
  listDocuments,
  postFile,
  postJson,
  putFile,
  readDocument,
  removeDocument,
  search,
  upload,
  uploadLater,
} from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

const later = { headers: { prefer: 'respond-async' } };
const brokenJson = '{"colour": ';

onEachDatabase('replacing a document', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
  });
  after(() => embeddings.close());

  const readText = async (id: number) =>
    documentText.parse(await expectJson(await app.fetch(`/api/document/${id}/text/`), 200));
  const found = async (query: string, id: number) =>
    (await search(app, query, { document_ids: [id] })).results.map(result => result.text);
  const waitUntilReplaced = (id: number, name: string) =>
    waitUntil(`document ${id} is ${name}`, async () => {
      const row = await readDocument(app, id);
      return row.filename === name && row.replacement === null ? row : undefined;
    });

  test('the document keeps its id and gets the new version’s name, numbers and text', async () => {
    const id = await upload(app, 'The boat is green.', 'green.txt');
    const old = await readDocument(app, id);
    const text = `The boat is red. ${'It has been painted twice. '.repeat(150)}`;
    const response = await putFile(app, id, text, { name: 'red.md' });
    const answer = uploadAnswer.parse(await expectJson(response, 200));
    const row = await readDocument(app, id);
    assert.deepEqual(
      [answer.document_id, answer.filename, answer.status, answer.duplicate, answer.total_chunks],
      [id, 'red.md', 'processed', false, row.total_chunks],
    );
    assert.ok(row.version > old.version && row.total_chunks > old.total_chunks);
    assert.deepEqual(
      [row.filename, row.media_type, row.byte_size, row.replacement, row.created_at],
      ['red.md', 'text/markdown', text.length, null, old.created_at],
    );
    assert.notEqual(row.sha256, old.sha256);
    assert.match((await readText(id)).text, /^The boat is red/);
    assert.ok((await found('boat', id)).every(passage => !passage.includes('green')));
  });

  test('an unknown document gets 404, and nothing of the file stays', async () => {
    await expectError(await putFile(app, 999_999, 'For nobody.'), 404, 'not_found');
    const note = { title: 'For nobody', text: 'Nobody reads it.' };
    const response = await app.fetch('/api/document/999999/', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(note),
    });
    await expectError(response, 404, 'not_found');
  });

  test('the bytes that it has already answer 200 as a duplicate, and change nothing', async () => {
    const id = await upload(app, 'Nothing changes here.', 'same.txt');
    const { version } = await readDocument(app, id);
    const response = await putFile(app, id, 'Nothing changes here.', { name: 'other.txt' });
    const answer = uploadAnswer.parse(await expectJson(response, 200));
    assert.deepEqual([answer.duplicate, answer.filename], [true, 'same.txt']);
    assert.equal((await readDocument(app, id)).version, version);
  });

  test('the bytes of another document get 409 naming that one', async () => {
    const other = await upload(app, 'I was here first.', 'first.txt');
    const id = await upload(app, 'I was here second.', 'second.txt');
    const error = await expectError(await putFile(app, id, 'I was here first.'), 409, 'document_duplicate');
    assert.equal(error.document_id, other);
    assert.deepEqual((await readText(id)).text, 'I was here second.');
  });

  test('one that fails answers 422, says why, and leaves the old version answering', async () => {
    const id = await upload(app, 'The lamp is bright.', 'lamp.txt');
    const { version } = await readDocument(app, id);
    const response = await putFile(app, id, brokenJson, { name: 'lamp.json' });
    assert.equal((await expectError(response, 422, 'document_broken')).document_id, id);
    const row = await readDocument(app, id);
    assert.deepEqual([row.state, row.version, row.filename, row.error], ['ready', version, 'lamp.txt', null]);
    assert.equal(row.replacement?.state, 'failed');
    assert.equal(row.replacement.filename, 'lamp.json');
    assert.equal(row.replacement.error?.code, 'document_broken');
    assert.deepEqual(await found('lamp', id), ['The lamp is bright.']);
    // The upload of what it holds has nothing to do with that failure.
    const again = uploadAnswer.parse(await expectJson(await postFile(app, 'The lamp is bright.'), 200));
    assert.deepEqual([again.document_id, again.duplicate, again.filename], [id, true, 'lamp.txt']);
    await expectJson(await putFile(app, id, '{"lamp": "dim"}', { name: 'lamp.json' }), 200);
    assert.equal((await readDocument(app, id)).replacement, null);
    assert.match((await found('lamp', id)).join(), /dim/);
  });

  test('until the new version is whole the old one is found, and the new one’s progress is told', async () => {
    const id = await upload(app, 'The old menu has soup.', 'menu.txt');
    embeddings.hold(/new menu/);
    const response = await putFile(app, id, 'The new menu has stew.', { name: 'menu-2.txt', ...later });
    const answer = uploadAnswer.parse(await expectJson(response, 202));
    assert.equal(response.headers.get('preference-applied'), 'respond-async');
    assert.deepEqual([answer.status, answer.filename], ['processing', 'menu-2.txt']);
    await waitUntil('it is being embedded', () => embeddings.held() > 0);
    const row = await readDocument(app, id);
    assert.deepEqual(
      [row.state, row.filename, row.replacement?.filename],
      ['ready', 'menu.txt', 'menu-2.txt'],
    );
    assert.deepEqual([row.replacement?.state, row.replacement?.stage], ['indexing', 'embedding']);
    assert.deepEqual(await found('menu', id), ['The old menu has soup.']);
    // Who uploads what is there does not wait for what replaces it.
    await expectJson(await postFile(app, 'The old menu has soup.'), 200);
    embeddings.release();
    await waitUntilReplaced(id, 'menu-2.txt');
    assert.deepEqual(await found('menu', id), ['The new menu has stew.']);
  });

  test('of two replacements that come shortly after each other the last one wins', async () => {
    const id = await upload(app, 'Price list of January.', 'january.txt');
    embeddings.hold(/February/);
    await expectJson(
      await putFile(app, id, 'Price list of February.', { name: 'february.txt', ...later }),
      202,
    );
    await waitUntil('the first is being embedded', () => embeddings.held() > 0);
    const again = await putFile(app, id, 'Price list of February.', { name: 'again.txt', ...later });
    assert.equal(uploadAnswer.parse(await expectJson(again, 202)).duplicate, true);
    await expectJson(await putFile(app, id, 'Price list of March.', { name: 'march.txt' }), 200);
    embeddings.release();
    await upload(app, 'Whatever comes after that list.', 'after.txt');
    assert.equal((await readDocument(app, id)).filename, 'march.txt');
    assert.deepEqual(await found('price', id), ['Price list of March.']);
  });

  test('a document that is not ready yet can be replaced, and its first version never comes back', async () => {
    embeddings.hold(/first draft/);
    const id = await uploadLater(app, 'The first draft of a letter.', 'first.txt');
    await waitUntil('the first is being embedded', () => embeddings.held() > 0);
    await expectJson(await putFile(app, id, 'The final letter.', { name: 'final.txt', ...later }), 202);
    const row = await waitUntilReplaced(id, 'final.txt');
    embeddings.release();
    await upload(app, 'Whatever comes after that letter.', 'letter.txt');
    const now = await readDocument(app, id);
    assert.deepEqual([now.version, now.state], [row.version, 'ready']);
    assert.deepEqual(await found('letter', id), ['The final letter.']);
  });

  test('fields beside the new file are set, and others stay', async () => {
    const response = await postFile(app, 'A plan.', {
      fields: [
        ['tags', 'plan'],
        ['title', 'Plan A'],
      ],
    });
    const { document_id: id } = uploadAnswer.parse(await expectJson(response, 201));
    await expectJson(await putFile(app, id, 'Another plan.', { fields: [['title', 'Plan B']] }), 200);
    const { title, tags } = await readDocument(app, id);
    assert.deepEqual([title, tags], ['Plan B', ['plan']]);
    const wrong = await putFile(app, id, 'A third plan.', { fields: [['language', '???']] });
    assert.match((await expectError(wrong, 400, 'invalid_request')).message, /^language: /);
    assert.equal((await readText(id)).text, 'Another plan.');
  });

  test('a note replaces a document too', async () => {
    const { document_id: id } = uploadAnswer.parse(
      await expectJson(await postJson(app, '/api/document/', { title: 'Note', text: 'First thought.' }), 201),
    );
    const response = await app.fetch(`/api/document/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Note 2', text: 'Second thought.' }),
    });
    await expectJson(response, 200);
    assert.equal((await readText(id)).text, 'Second thought.');
    assert.equal((await readDocument(app, id)).title, 'Note 2');
  });

  test('readers see one version, whole, while the document is replaced again and again', async () => {
    const textOf = (version: number) => `Version ${version} of it. `.repeat(300);
    const id = await upload(app, textOf(0));
    let replacing = true;
    const read = async () => {
      while (replacing) {
        const { text, text_length } = await readText(id);
        const version = /^Version (\d+) /.exec(text)?.[1];
        assert.ok(version, `${text_length} units, but ${text.length} came`);
        assert.equal(text, textOf(Number(version)));
        const passages = await found('version', id);
        const versions = new Set(passages.map(passage => /Version \d+/.exec(passage)?.[0]));
        assert.equal(versions.size, 1, [...versions].join());
      }
    };
    const replace = async () => {
      for (let version = 1; version <= 8; version += 1)
        await expectJson(await putFile(app, id, textOf(version)), 200);
    };
    await Promise.all([read(), read(), replace().finally(() => (replacing = false))]);
  });

  test('a document deleted while it is replaced leaves nothing, and neither do the others', async () => {
    const id = await upload(app, 'Gone in a moment.', 'gone.txt');
    embeddings.hold(/replaces what/);
    await expectJson(await putFile(app, id, 'This replaces what is going.', later), 202);
    await waitUntil('the replacement is being embedded', () => embeddings.held() > 0);
    const receipt = documentDeletion.parse(await expectJson(await removeDocument(app, id), 200));
    assert.deepEqual([receipt.remaining, receipt.deleted.chunks], [0, 2]);
    embeddings.release();
    await expectError(await app.fetch(`/api/document/${id}/`), 404, 'not_found');
    for (const { id: other } of (await listDocuments(app)).documents) {
      const { remaining } = documentDeletion.parse(await expectJson(await removeDocument(app, other), 200));
      assert.equal(remaining, 0);
    }
    assert.deepEqual(await app.inspect(countContent), {});
  });
});
