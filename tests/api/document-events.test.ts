import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DocumentEvent } from '../../contract/documents.ts';
import {
  expectError,
  expectJson,
  followDocuments,
  listDocuments,
  type NumberedEvent,
  postFile,
  putFile,
  readDocument,
  removeDocument,
  upload,
  uploadLater,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { sendRaw } from '../raw-request.ts';
import { waitUntil } from '../wait-until.ts';

const states = (events: NumberedEvent[], id: number) =>
  events.flatMap(({ event }) =>
    event.type === 'document' && event.document.id === id ? [event.document.state] : [],
  );
const hasState = (id: number, state: string) => (event: DocumentEvent) =>
  event.type === 'document' && event.document.id === id && event.document.state === state;
const isDeletion = (id: number) => (event: DocumentEvent) =>
  event.type === 'deleted' && event.document_id === id;

/** More passages than are saved at a time. */
const longText = (subject: string) =>
  Array.from({ length: 3_000 }, (_, line) => `Sentence ${line} is about ${subject}. `).join('');

onEachDatabase('document events', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
  });
  after(() => embeddings.close());

  const has = (events: NumberedEvent[], matches: (event: DocumentEvent) => boolean) => () =>
    events.find(({ event }) => matches(event));
  const finished = async () => (await listDocuments(app)).last_change;

  test('a document’s whole way is told in order: progress only grows, the time left is estimated', async () => {
    const stream = await followDocuments(app);
    embeddings.hold(/Sentence 2900 is about bridges/);
    const id = await uploadLater(app, longText('bridges'), 'bridges.txt');
    const isHalfway = (event: DocumentEvent) =>
      event.type === 'document' && event.document.id === id && event.document.progress > 0;
    await waitUntil('it has come halfway', has(stream.events, isHalfway));
    const { stage, progress, seconds_left, timings } = await readDocument(app, id);
    assert.ok(progress > 0 && progress < 1, String(progress));
    assert.deepEqual([stage, typeof seconds_left], ['embedding', 'number']);
    assert.ok(Object.keys(timings).length === 4 && Object.values(timings).every((ms = -1) => ms >= 0));
    embeddings.release();
    await waitUntil('it is ready', has(stream.events, hasState(id, 'ready')));
    await stream.leave();
    const ways = stream.events.flatMap(({ event }) => (event.type === 'document' ? [event.document] : []));
    const order = ['queued', 'reading', 'indexing', 'ready'];
    const positions = ways.map(({ state }) => order.indexOf(state));
    assert.deepEqual(positions, positions.toSorted());
    const progresses = ways.map(row => row.progress);
    assert.deepEqual(
      progresses,
      progresses.toSorted((a, b) => a - b),
    );
    const numbers = stream.events.map(({ number }) => number);
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].toSorted((a, b) => a - b),
    );
    const last = ways.at(-1);
    assert.deepEqual(
      [last?.state, last?.stage, last?.progress, last?.seconds_left],
      ['ready', null, 1, null],
    );
    assert.equal(stream.headers.get('x-accel-buffering'), 'no');
    assert.equal(stream.headers.get('cache-control'), 'no-cache, no-transform');
  });

  test('who follows from a list’s last_change, or resumes after an id, misses no final state', async () => {
    const start = await finished();
    const one = await upload(app, 'The first that came meanwhile.', 'one.txt');
    const after = await followDocuments(app, `/api/document/events/?after=${start}`);
    const seen = await waitUntil('the first is told', has(after.events, hasState(one, 'ready')));
    await after.leave();
    const two = await upload(app, 'The second that came meanwhile.', 'two.txt');
    const three = await upload(app, 'The third that came meanwhile.', 'three.txt');
    await removeDocument(app, two);
    const wrong = `/api/document/events/?after=${start}`;
    const resumed = await followDocuments(app, wrong, { 'last-event-id': String(seen.number) });
    await waitUntil('the deletion is told', has(resumed.events, isDeletion(two)));
    await waitUntil('the third is told', has(resumed.events, hasState(three, 'ready')));
    await resumed.leave();
    assert.deepEqual(states(resumed.events, one), [], 'it was seen before');
    assert.ok(resumed.events.every(({ number }) => number > seen.number));
  });

  test('without a number the unfinished documents come first, and only they', async () => {
    const ready = await upload(app, 'Ready before anybody follows.', 'ready.txt');
    embeddings.hold(/tunnels/);
    const id = await uploadLater(app, 'It is about tunnels.', 'tunnels.txt');
    await waitUntil('it is being embedded', () => embeddings.held() > 0);
    const stream = await followDocuments(app);
    const first = await waitUntil('something comes', () => stream.events[0]);
    assert.ok(first.event.type === 'document' && first.event.document.id === id);
    assert.equal(first.event.document.state, 'indexing');
    embeddings.release();
    await waitUntil('it is ready', has(stream.events, hasState(id, 'ready')));
    await stream.leave();
    assert.deepEqual(states(stream.events, ready), []);
  });

  test('a number from another database is taken as now, one that is none is refused', async () => {
    const stream = await followDocuments(app, '/api/document/events/?after=999999999');
    const id = await upload(app, 'It comes after the future.', 'future.txt');
    await waitUntil('it is ready', has(stream.events, hasState(id, 'ready')));
    await stream.leave();
    for (const query of ['?after=-1', '?after=x', '?since=1'])
      await expectError(await app.fetch(`/api/document/events/${query}`), 400, 'invalid_request');
  });

  test('one document’s stream begins with its state and ends by itself when it is ready', async () => {
    embeddings.hold(/castles/);
    const id = await uploadLater(app, 'It is about castles.', 'castles.txt');
    const other = await upload(app, 'It is about nothing.', 'nothing.txt');
    const stream = await followDocuments(app, `/api/document/${id}/events/`);
    await waitUntil('its state is told', () => stream.events.length > 0);
    embeddings.release();
    await stream.ended;
    assert.equal(states(stream.events, id).at(-1), 'ready');
    assert.deepEqual(states(stream.events, other), []);
    const late = await followDocuments(app, `/api/document/${id}/events/`);
    await late.ended;
    assert.deepEqual(states(late.events, id), ['ready']);
  });

  test('it ends when the document has failed, when its replacement is ready, when it is deleted', async () => {
    embeddings.hold(/rivers/);
    const failed = await expectError(
      await postFile(app, '{"a":', { name: 'a.json' }),
      422,
      'document_broken',
    );
    const stream = await followDocuments(app, `/api/document/${failed.document_id}/events/`);
    await stream.ended;
    assert.deepEqual(states(stream.events, Number(failed.document_id)), ['failed']);

    const id = await upload(app, 'It is about lakes.', 'lakes.txt');
    const later = { headers: { prefer: 'respond-async' } };
    await expectJson(await putFile(app, id, 'It is about rivers.', later), 202);
    const replaced = await followDocuments(app, `/api/document/${id}/events/`);
    await waitUntil('its state is told', () => replaced.events.length > 0);
    embeddings.release();
    await replaced.ended;
    const last = replaced.events.at(-1)?.event;
    assert.ok(last?.type === 'document' && last.document.replacement === null);

    embeddings.hold(/seas/);
    const gone = await uploadLater(app, 'It is about seas.', 'seas.txt');
    const deleted = await followDocuments(app, `/api/document/${gone}/events/`);
    await waitUntil('its state is told', () => deleted.events.length > 0);
    await removeDocument(app, gone);
    await deleted.ended;
    assert.deepEqual(deleted.events.at(-1)?.event, { type: 'deleted', document_id: gone });
    embeddings.release();
  });

  test('who has seen its end and comes back is told to come no more, until it changes again', async () => {
    const id = await upload(app, 'Seen to its end.', 'seen.txt');
    const path = `/api/document/${id}/events/`;
    const first = await followDocuments(app, path);
    await first.ended;
    const headers = { 'last-event-id': String(first.events.at(-1)?.number) };
    assert.equal((await app.fetch(path, { headers })).status, 204);
    await putFile(app, id, 'Changed after its end.', { name: 'seen.txt' });
    const again = await followDocuments(app, path, headers);
    await again.ended;
    assert.deepEqual(states(again.events, id), ['ready']);
  });

  test('what people change is told too', async () => {
    const id = await upload(app, 'It will get a title.', 'title.txt');
    const stream = await followDocuments(app);
    const body = JSON.stringify({ title: 'A title' });
    const headers = { 'content-type': 'application/json' };
    await app.fetch(`/api/document/${id}/`, { method: 'PATCH', headers, body });
    const isTitled = (event: DocumentEvent) =>
      event.type === 'document' && event.document.id === id && event.document.title === 'A title';
    await waitUntil('the title is told', has(stream.events, isTitled));
    await stream.leave();
  });

  test('readers that leave in the middle of it all disturb nobody', async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, () => followDocuments(app)));
    const staying = await followDocuments(app);
    const uploads = Array.from({ length: 5 }, (_, index) =>
      upload(app, `Number ${index} while readers leave.`, `${index}.txt`),
    );
    await Promise.all(streams.map(stream => stream.leave()));
    for (const id of await Promise.all(uploads))
      await waitUntil(`${id} is told`, has(staying.events, hasState(id, 'ready')));
    await staying.leave();
  });

  test('a HEAD does not wait for the end of a stream that has none', async () => {
    const url = `${app.baseUrl}/api/document/events/`;
    assert.equal((await sendRaw(url, { method: 'HEAD' })).status, 404);
  });

  test('a server that stops ends the streams whole, and leaves no connection open behind them', async () => {
    const streams = await Promise.all([
      followDocuments(app),
      followDocuments(app, `/api/document/events/?after=${await finished()}`),
    ]);
    // A connection that stays would keep the stop waiting until its patience ends.
    for (const { headers } of streams) assert.equal(headers.get('connection'), 'close');
    await app.stop();
    for (const { ended } of streams) await ended;
  });
});
