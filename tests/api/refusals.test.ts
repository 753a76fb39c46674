import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ask, createSession, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, eventsOf } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

const lighthouse = `The lighthouse of Skerry Point was built in 1874. Its lamp is 41 metres above the sea.

The keeper’s house burned down in 1932. Nobody was hurt.`;

onEachDatabase('refusals, with a language model', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl });
    await upload(app, lighthouse, 'lighthouse.txt');
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.requests.length = 0;
  });

  const askNew = async (question: string) => ask(app, await createSession(app), question);

  const missing = [
    [
      'Which chess opening did Kasparov prefer in Linares?',
      /The documents do not seem to contain the answer\./,
    ],
    [
      'Welche Eröffnung im Schach bevorzugte Kasparow?',
      /Die Dokumente scheinen die Antwort nicht zu enthalten\./,
    ],
    [
      'Quelle ouverture aux échecs préférait Kasparov ?',
      /Les documents ne semblent pas contenir la réponse\./,
    ],
    ['Какой дебют предпочитал Каспаров в Линаресе?', /Похоже, в документах нет ответа\./],
    ['カスパロフが好んだチェスのオープニングは何ですか？', /文書には答えが含まれていないようです。/],
  ] as const;
  test('when nothing carries an answer it is refused in the language of the question, without the language model', async () => {
    for (const [question, refusal] of missing) {
      const events = await askNew(question);
      assert.match(contentOf(events), refusal);
      assert.equal(eventOf(events, 'done').finish_reason, 'not_found');
      assert.equal(eventOf(events, 'usage').completion_tokens, 0);
    }
    assert.equal(fake.requests.length, 0);
  });

  test('what the documents answer goes to the language model', async () => {
    fake.script(answer('In 1874 [1].'));
    const events = await askNew('When was the lighthouse of Skerry Point built?');
    assert.equal(eventOf(events, 'done').finish_reason, 'stop');
    assert.equal(contentOf(events), 'In 1874 [1].');
    assert.equal(fake.requests.length, 1);
  });

  test('the language model says itself that it found nothing: the marker is not shown, the nearest places are', async () => {
    fake.script(answer('[not found] The sources do not say who lit the lamp.', { byteByByte: true }));
    const events = await askNew('Who lit the lamp of the lighthouse?');
    assert.equal(eventOf(events, 'done').finish_reason, 'not_found');
    const content = contentOf(events);
    assert.match(
      content,
      /^The sources do not say who lit the lamp\.\n\nThe nearest places are:\n\n\*\*lighthouse\.txt\*\*/,
    );
    const citations = eventsOf(events, 'citation');
    assert.ok(citations.length > 0);
    for (const { start, end, quote, answer_start, answer_end, number } of citations) {
      assert.equal(quote, lighthouse.slice(start, end));
      assert.ok(content.slice(answer_start, answer_end).endsWith(`[${number}]`));
    }
    assert.deepEqual(
      events.slice(-2).map(({ type }) => type),
      ['usage', 'done'],
    );
  });

  test('a language model that writes nothing but the marker has said it in the language of the question', async () => {
    fake.script(answer('[not found]'));
    const events = await askNew('Wer hat die Lampe des lighthouse of Skerry Point angezündet?');
    assert.match(contentOf(events), /^Die Dokumente scheinen die Antwort nicht zu enthalten\./);
    assert.equal(eventOf(events, 'done').finish_reason, 'not_found');
  });

  test('a greeting and a follow-up are for the language model, whatever the documents hold', async () => {
    fake.script(answer('Hello!'), answer('In 1874 [1].'), answer('It was about chess openings.'));
    assert.equal(contentOf(await askNew('Hello!')), 'Hello!');
    const session = await createSession(app);
    await ask(app, session, 'When was the lighthouse of Skerry Point built?');
    const events = await ask(app, session, 'Which chess openings did Kasparov prefer?');
    assert.equal(contentOf(events), 'It was about chess openings.');
  });

  test('the trace tells what was made of the evidence', async () => {
    const events = await askNew('Which chess opening did Kasparov prefer in Linares?');
    const id = eventOf(events, 'done').message_id;
    const trace = (await (await app.fetch(`/api/message/${id}/trace/`)).json()) as {
      evidence: { probability: number; verdict: string };
    };
    assert.equal(trace.evidence.verdict, 'missing');
    assert.ok(trace.evidence.probability < 0.2);
  });
});
