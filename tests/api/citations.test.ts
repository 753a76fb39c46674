import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Citation, StreamEvent } from '../../contract/chat.ts';
import { ask, createSession, postQuestion, readHistory, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, eventsOf, readEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

const handbook =
  '😀 Handbook of the house.\n\nEvery employee has thirty days of vacation a year.  Unused days expire on 31 March 2025.\n\n' +
  'The cafeteria on the second floor opens at 11:30. Lunch costs 6.50 euros.\n';

onEachDatabase('citations', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl });
    await upload(app, handbook, 'handbook.txt');
  });
  after(() => fake.close());

  /** The events of an answer that the model writes so, and what the history has of it. */
  async function answerWith(text: string | string[]) {
    const tokens = typeof text === 'string' ? answer(text).tokens : text;
    fake.script({ kind: 'answer', tokens });
    const sessionId = await createSession(app);
    const events = await ask(app, sessionId, 'How many days of vacation do I have, and what is lunch?');
    const message = (await readHistory(app, sessionId)).at(-1);
    assert.ok(message);
    const citations = eventsOf(events, 'citation');
    for (const { start, end, quote } of citations) assert.equal(handbook.slice(start, end), quote);
    return { events, message, citations, content: contentOf(events), check: eventOf(events, 'check') };
  }

  const claimOf = (content: string, { answer_start, answer_end }: Citation) =>
    content.slice(answer_start, answer_end);
  const verdicts = (citations: Citation[]) => citations.map(({ verified }) => verified);

  test('a claim that its source supports is verified with the sentence that says so', async () => {
    const text = 'You have 30 days of vacation a year [1]. Lunch costs 6.50 euros [1].';
    const { citations, content, check, events, message } = await answerWith(text);
    assert.equal(content, text);
    assert.deepEqual(
      citations.map(citation => claimOf(content, citation)),
      ['You have 30 days of vacation a year [1]', 'Lunch costs 6.50 euros [1]'],
    );
    assert.deepEqual(
      citations.map(({ quote }) => quote),
      ['Every employee has thirty days of vacation a year.', 'Lunch costs 6.50 euros.'],
    );
    assert.deepEqual(verdicts(citations), [true, true]);
    assert.deepEqual(check, { type: 'check', removed_markers: 0, unverified: 0, unsupported_numbers: [] });
    assert.deepEqual(message.citations, citations);
    assert.deepEqual(message.check, check);
    const types = events.map(({ type }) => type);
    assert.ok(types.lastIndexOf('citation') < types.indexOf('check'));
    assert.equal(types.indexOf('check') + 1, types.indexOf('usage'));
  });

  test('a citation comes as soon as its sentence is whole, while the answer goes on', async () => {
    const text = 'You have thirty days of vacation a year [1]. Lunch costs';
    fake.script(answer(text, { after: { tokens: 10, next: 'hang' } }));
    const sessionId = await createSession(app);
    const events = readEvents(await postQuestion(app, sessionId, 'How many days of vacation do I have?'));
    const seen: string[] = [];
    for await (const { type } of events) {
      seen.push(type);
      if (type === 'citation') break;
    }
    assert.equal(seen.at(-1), 'citation');
    // The model hangs: the answer ends with its session.
    await app.fetch(`/api/session/${sessionId}/`, { method: 'DELETE' });
  });

  test('an invented marker is taken out and counted', async () => {
    const { content, check, citations, message } = await answerWith(
      'Lunch costs 6.50 euros [1][7]. The cafeteria opens at 11:30 [12].',
    );
    assert.equal(content, 'Lunch costs 6.50 euros [1]. The cafeteria opens at 11:30.');
    assert.equal(message.content, content);
    assert.equal(check.removed_markers, 2);
    assert.equal(citations.length, 1);
  });

  test('an unsupported claim is not verified, and one without a marker is left alone', async () => {
    const { citations, check } = await answerWith(
      'Every employee gets a company bicycle after probation [1]. The weather is fine.',
    );
    assert.deepEqual(verdicts(citations), [false]);
    assert.equal(check.unverified, 1);
  });

  test('a claim with another number, unit or a negation is not verified', async () => {
    const { citations, check } = await answerWith(
      'You have 28 days of vacation a year [1]. You have thirty weeks of vacation a year [1]. ' +
        'Unused days do not expire on 31 March 2025 [1]. Unused days expire on 2025-03-31 [1].',
    );
    assert.deepEqual(verdicts(citations), [false, false, false, true]);
    assert.equal(check.unverified, 3);
  });

  test('numbers that stand in no source are flagged, with their place', async () => {
    const { content, check } = await answerWith(
      'Lunch costs 7.50 euros, or 6,50 in short; there are two ways.',
    );
    assert.deepEqual(
      check.unsupported_numbers.map(({ text, answer_start, answer_end }) => [
        text,
        content.slice(answer_start, answer_end),
      ]),
      [['7.50', '7.50']],
    );
  });

  test('a marker that comes in pieces, and one of another form, is shown as [n]', async () => {
    const tokens = [
      'Lunch costs 6.50 euros',
      ' ',
      '[',
      '1',
      ', 1',
      ']',
      '. It opens at 11:30【',
      '1†sou',
      'rce】.',
    ];
    const { content, citations } = await answerWith(tokens);
    assert.equal(content, 'Lunch costs 6.50 euros [1]. It opens at 11:30[1].');
    assert.equal(citations.length, 2);
  });

  test('brackets in code and links are no markers', async () => {
    const text = 'Write `days[9]` or\n\n```js\nlunch[1] = 6.5;\n```\n\nand see [1](https://example.org).';
    const { content, citations, check } = await answerWith(text);
    assert.equal(content, text.replace('(https://example.org)', '\\(`https://example.org`)'));
    assert.deepEqual(citations, []);
    assert.equal(check.removed_markers, 0);
  });

  test('an answer that breaks off keeps what was held back, and its citations', async () => {
    const text = 'You have thirty days of vacation a year [1]. Lunch';
    app.log.expectErrors(/answer failed/);
    fake.script(answer(text, { after: { tokens: 11, next: 'cut' } }));
    const sessionId = await createSession(app);
    const events: StreamEvent[] = await ask(app, sessionId, 'How many days of vacation do I have?');
    assert.equal(events.at(-1)?.type, 'error');
    const message = (await readHistory(app, sessionId)).at(-1);
    assert.equal(message?.content, text);
    assert.equal(message?.citations.length, 1);
    assert.equal(message?.check?.unverified, 0);
  });

  test('quotes have their citations in the history too', async () => {
    const quoting = await createApp();
    await upload(quoting, handbook, 'handbook.txt');
    const sessionId = await createSession(quoting);
    const events = await ask(quoting, sessionId, 'How many days of vacation does every employee have?');
    const citations = eventsOf(events, 'citation');
    assert.ok(citations.length > 0);
    const message = (await readHistory(quoting, sessionId)).at(-1);
    assert.deepEqual(message?.citations, citations);
  });
});
