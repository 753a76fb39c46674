import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Citation, Source } from '../../contract/chat.ts';
import { evaluationCase, evaluationCaseDeletion, evaluationCaseList } from '../../contract/evaluation.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  postFile,
  postJson,
  putFile,
  removeDocument,
  upload,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';

const path = '/api/evaluation/case/';
const text =
  'The pier has 14 lamps 💡. They are lit at dusk.\n\nThe ferry to Tangen leaves at 07:40 from pier 2.\n';
const wanted = 'The ferry to Tangen leaves at 07:40 from pier 2.';
const start = text.indexOf(wanted);
const end = start + wanted.length;

onEachDatabase('evaluation cases', createApp => {
  let app: TestApp;
  let documentId: number;
  before(async () => {
    app = await createApp();
    documentId = await upload(app, text, 'timetable.txt');
  });

  const create = async (body: object) =>
    evaluationCase.parse(await expectJson(await postJson(app, path, body), 201));
  const list = async (query = '') =>
    evaluationCaseList.parse(await expectJson(await app.fetch(`${path}${query}`), 200));
  const passagesOf = async (id: number) => (await list()).cases.find(one => one.id === id)?.passages;

  test('a question is stored with its passages and their texts, listed and deleted', async () => {
    const question = 'When does the ferry leave?';
    const created = await create({ question, passages: [{ document_id: documentId, start, end }] });
    assert.deepEqual(
      { ...created, id: 0, created_at: '' },
      {
        id: 0,
        question,
        passages: [
          { document_id: documentId, filename: 'timetable.txt', start, end, quote: wanted, state: 'there' },
        ],
        message_id: null,
        created_at: '',
      },
    );
    assert.deepEqual((await list()).cases, [created]);
    const deleted = await app.fetch(`${path}${created.id}/`, { method: 'DELETE' });
    assert.equal(evaluationCaseDeletion.parse(await expectJson(deleted, 200)).case_id, created.id);
    assert.deepEqual((await list()).cases, []);
    const again = await app.fetch(`${path}${created.id}/`, { method: 'DELETE' });
    await expectError(again, 404, 'not_found');
  });

  test('an answer gives its question and the sources that it cites', async () => {
    const session = await createSession(app);
    await ask(app, session, 'What lamps are there?');
    const events = await ask(app, session, 'When does the ferry to Tangen leave?');
    const messageId = events.flatMap(event => (event.type === 'done' ? event.message_id : []))[0];
    const citations = events.filter((event): event is Citation => event.type === 'citation');
    const sources = events.flatMap((event): Source[] => (event.type === 'sources' ? event.sources : []));
    const cited = sources.filter(({ number }) => citations.some(citation => citation.number === number));
    assert.ok(cited.length > 0);
    const created = await create({ message_id: messageId });
    assert.equal(created.question, 'When does the ferry to Tangen leave?');
    assert.equal(created.message_id, messageId);
    assert.deepEqual(
      created.passages.map(passage => passage.quote),
      cited.map(({ quote }) => quote),
    );
    const corrected = await create({ message_id: messageId, question: 'When is the ferry?' });
    assert.deepEqual([corrected.question, corrected.passages], ['When is the ferry?', created.passages]);
    const question = events.flatMap(event => (event.type === 'start' ? event.user_message_id : []))[0];
    await expectError(await postJson(app, path, { message_id: question }), 400, 'invalid_request');
  });

  test('a passage is found again when its document was replaced, or uploaded anew under its name', async () => {
    const id = await upload(app, `${wanted}\n`, 'ferry.txt');
    const passages = [{ document_id: id, start: 0, end: wanted.length }];
    const stored = await create({ question: 'When?', passages });
    const longer = `Ferries. ${wanted} And back at 19:00.\n`;
    await expectJson(await putFile(app, id, longer, { name: 'ferry.txt' }), 200);
    const [moved] = (await passagesOf(stored.id)) ?? [];
    assert.deepEqual([moved?.state, moved?.start, moved?.end], ['moved', 9, 9 + wanted.length]);
    await expectJson(await removeDocument(app, id), 200);
    assert.deepEqual(
      (await passagesOf(stored.id))?.map(({ state, quote }) => [state, quote]),
      [['gone', wanted]],
    );
    const anew = await upload(app, `New: ${longer}`, 'ferry.txt');
    const [found] = (await passagesOf(stored.id)) ?? [];
    assert.deepEqual([found?.state, found?.document_id, found?.start], ['moved', anew, 14]);
  });

  test('of several places with the text the nearest one is it', async () => {
    const line = 'Lamp out.\n';
    const id = await upload(app, line.repeat(6), 'log.txt');
    const stored = await create({
      question: 'Which?',
      passages: [{ document_id: id, start: 20, end: 29 }],
    });
    const shifted = `Log of the lamps:\n${line.repeat(6)}`;
    assert.equal((await putFile(app, id, shifted, { name: 'log.txt' })).status, 200);
    const [moved] = (await passagesOf(stored.id)) ?? [];
    assert.deepEqual([moved?.state, moved?.start], ['moved', 18]);
  });

  test('the list comes in pages, newest first', async () => {
    const passages = [{ document_id: documentId, start, end }];
    const ids: number[] = [];
    for (const question of ['a', 'b', 'c']) ids.unshift((await create({ question, passages })).id);
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${first.next_cursor}`);
    assert.deepEqual(
      [...first.cases, ...second.cases].slice(0, 3).map(({ id }) => id),
      ids,
    );
  });

  test('a document that is not there gets 404, a range that is none 400', async () => {
    const given = (passage: object) => ({
      question: 'q',
      passages: [{ document_id: documentId, start, end, ...passage }],
    });
    await expectError(await postJson(app, path, given({ document_id: 999_999 })), 404, 'not_found');
    await expectError(await postJson(app, path, { message_id: 999_999 }), 404, 'not_found');
    const lamp = text.indexOf('💡') + 1;
    const wrong: object[] = [
      {},
      { question: 'q' },
      { question: '  ', passages: given({}).passages },
      { question: 'q\0', passages: given({}).passages },
      { question: 'q', passages: [] },
      { passages: given({}).passages },
      given({ end: start }),
      given({ end: text.length + 1 }),
      given({ start: lamp, end: lamp + 3 }),
    ];
    for (const body of wrong) await expectError(await postJson(app, path, body), 400, 'invalid_request');
  });

  test('an answer without a source can’t be a case by itself', async () => {
    const empty = await createApp();
    const events = await ask(empty, await createSession(empty), 'Anything?');
    const message_id = events.flatMap(event => (event.type === 'done' ? event.message_id : []))[0];
    const answer = await postJson(empty, path, { message_id });
    assert.match((await expectError(answer, 400, 'invalid_request')).message, /source/);
    assert.equal((await postFile(empty, text)).status, 201);
  });
});
