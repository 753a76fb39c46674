import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { followUps } from '../../contract/follow-ups.ts';
import {
  ask,
  createSession,
  expectError,
  expectJson,
  readHistory,
  removeDocument,
  search,
  upload,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';

const manual = `# The kiln

## Firing
The kiln is fired with beech wood for eleven hours, and nobody opens it before the second morning.

## Cooling
Cooling takes two days. The vents stay closed until the glass of the window can be touched with a hand.

## Glazes
Ash glazes are mixed from three parts of ash, two of feldspar and one of clay, and sieved twice.
`;
const note = 'The ferry to the island leaves at noon. Bicycles are carried free of charge on weekdays.';

const lastAnswer = async (app: TestApp, sessionId: number) =>
  (await readHistory(app, sessionId)).at(-1)?.id ?? 0;
const suggest = async (app: TestApp, id: number) =>
  followUps.parse(await expectJson(await app.fetch(`/api/message/${id}/follow-ups/`), 200)).questions;

onEachDatabase('questions to go on with', createApp => {
  let app: TestApp;
  let manualId: number;
  before(async () => {
    app = await createApp();
    manualId = await upload(app, manual, 'kiln.md');
    await upload(app, note, 'ferry.txt');
  });
  after(() => app.close());

  test('are about the sections beside what was cited, until they were asked, and find them', async () => {
    const sessionId = await createSession(app);
    await ask(app, sessionId, 'Für wie viele Stunden wird der kiln mit beech wood fired?');
    const first = await suggest(app, await lastAnswer(app, sessionId));
    assert.equal(first[0]?.question, 'Was sagt „The kiln“ über „Cooling“?');
    assert.equal(first[0]?.document_id, manualId);
    assert.equal(manual.slice(first[0]?.start, first[0]?.end).includes('Cooling'), true);
    assert.ok(first.some(({ question }) => question.includes('„Glazes“')));
    const { results } = await search(app, first[0]?.question ?? '');
    assert.match(results[0]?.text ?? '', /Cooling takes two days/);
    await ask(app, sessionId, 'What does “The kiln” say about “Cooling”?');
    const second = await suggest(app, await lastAnswer(app, sessionId));
    assert.ok(second.length > 0 && second.every(({ question }) => !question.includes('Cooling')), 'asked');
    assert.ok(second.every(({ question }) => question.startsWith('What does “The kiln”')));
    // Its section is not cited this time: what is left out is what was asked.
    await ask(app, sessionId, 'For how many hours is the kiln fired with beech wood?');
    const third = await suggest(app, await lastAnswer(app, sessionId));
    assert.deepEqual(
      third.filter(({ question }) => question.includes('kiln')).map(({ question }) => question),
      ['What does “The kiln” say about “Glazes”?'],
    );
  });

  test('of a document without headings are about the sentence that follows', async () => {
    const sessionId = await createSession(app);
    await ask(app, sessionId, 'When does the ferry to the island leave?');
    const questions = await suggest(app, await lastAnswer(app, sessionId));
    assert.deepEqual(
      questions.map(({ question }) => question),
      ['What does “ferry” say about “Bicycles are carried free of charge on weekdays”?'],
    );
  });

  test('are none once the document is gone; a question and an unknown message have none', async () => {
    const id = await upload(app, note.replace('island', 'lighthouse'), 'lighthouse.txt');
    const sessionId = await createSession(app);
    await ask(app, sessionId, 'When does the ferry to the lighthouse leave?');
    await removeDocument(app, id);
    const history = await readHistory(app, sessionId);
    const after = await suggest(app, history.at(-1)?.id ?? 0);
    assert.ok(after.every(({ document_id }) => document_id !== id));
    for (const unknown of [history[0]?.id ?? 0, 999_999])
      await expectError(await app.fetch(`/api/message/${unknown}/follow-ups/`), 404, 'not_found');
  });
});
