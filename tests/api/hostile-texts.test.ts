import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { ask, createSession, expectError, postJson, postQuestion, readHistory } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, readAllEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

const statements = [
  "' OR 1=1 --",
  "'); DROP TABLE messages; --",
  '"; SELECT 1; --',
  '$1',
  '\\',
  '%_',
  '{}',
  '\\u0000',
];

onEachDatabase('hostile texts', createApp => {
  let app: TestApp;
  let model: FakeLanguageModel;
  before(async () => {
    model = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: model.baseUrl });
  });
  after(() => model.close());

  const edit = (id: number, message: string) => postJson(app, `/api/message/${id}/edit/`, { message });
  const lastQuestion = () => model.requests.at(-1)?.body.messages.at(-1)?.content ?? '';

  test('control characters and halves of surrogate pairs are stored and asked as what can be', async () => {
    const id = await createSession(app);
    for (const [message, stored] of [
      ['a\0b\u0007c\u001b[31md?', 'abc[31md?'],
      ['half \ud83d of a pair?', 'half \ufffd of a pair?'],
      ['the other \udca1 half?', 'the other \ufffd half?'],
      ['lines\r\nof\rmany\tkinds?', 'lines\nof\nmany\tkinds?'],
      ['\u0085 \u009f whole 💡👩‍👩‍👧 stays?', 'whole 💡👩‍👩‍👧 stays?'],
    ] as const) {
      // JSON.stringify writes halves as escapes, so they arrive as halves.
      const { user_message_id } = eventOf(await ask(app, id, message), 'start');
      const said = (await readHistory(app, id)).find(one => one.id === user_message_id);
      assert.equal(said?.content, stored);
      assert.ok(lastQuestion().includes(stored), lastQuestion());
      await readAllEvents(await edit(user_message_id, `${message}!`));
      assert.equal((await readHistory(app, id)).at(-2)?.content, `${stored}!`);
    }
  });

  test('what a model writes comes through and is stored as what can be', async () => {
    const id = await createSession(app);
    model.script(answer('It says \u0007 "quoted" and \\ and 💡 and \' OR 1=1 --'));
    const events = await ask(app, id, 'What does it say?');
    const said = (await readHistory(app, id)).at(-1);
    assert.equal(said?.state, 'complete');
    assert.equal(said?.content, contentOf(events));
    assert.match(said.content, /"quoted" and \\ and 💡 and ' OR 1=1 --$/);
  });

  test('a question is stored and asked to the letter, whatever SQL it holds', async () => {
    const texts = fc
      .array(fc.oneof(fc.constantFrom(...statements), fc.string({ unit: 'grapheme', maxLength: 8 })), {
        maxLength: 5,
      })
      .map(parts => `Why ${parts.join(' ')}?`);
    const id = await createSession(app);
    await fc.assert(
      fc.asyncProperty(texts, async message => {
        const { user_message_id } = eventOf(await ask(app, id, message), 'start');
        const said = (await readHistory(app, id)).find(one => one.id === user_message_id);
        // Beside control characters, which fast-check's graphemes have too.
        assert.equal(said?.content, message.replace(/\r/g, '\n').replace(/[^\P{Cc}\t\n]/gu, ''));
      }),
      { numRuns: 25 },
    );
  });

  test('an empty or an endless question is refused before anything is stored or a model is asked', async () => {
    const id = await createSession(app);
    const { user_message_id, message_id } = eventOf(await ask(app, id, 'One?'), 'start');
    const asked = model.requests.length;
    for (const message of ['', ' \n\t', '\u0007', '\u200b'])
      for (const response of [await postQuestion(app, id, message), await edit(user_message_id, message)])
        await expectError(response, 400, 'invalid_request');
    const endless = 'x'.repeat(1_100_000);
    for (const response of [await postQuestion(app, id, endless), await edit(user_message_id, endless)])
      await expectError(response, 413, 'request_too_large');
    assert.equal(model.requests.length, asked);
    assert.deepEqual(
      (await readHistory(app, id)).map(message => message.id),
      [user_message_id, message_id],
    );
  });
});
