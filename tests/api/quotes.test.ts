import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { StreamEvent } from '../../contract/chat.ts';
import { ask, createSession, postFile, readHistory, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, eventsOf } from '../event-stream.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { activeMarkdown } from '../poisoned/active-markdown.ts';

const lighthouse = `# The lighthouse 🗼

The lighthouse of Skerry Point was built in 1874. Its lamp is 41 metres above the sea – seen for 22 miles.

The keeper’s house burned down in 1932. 😀 Nobody was hurt.`;

onEachDatabase('quotes, without a language model', createApp => {
  let app: TestApp;
  let documentId: number;
  before(async () => {
    app = await createApp();
    documentId = await upload(app, lighthouse, 'lighthouse.txt');
    await upload(app, 'Bread is baked from flour, water, salt and yeast.', 'bread.txt');
  });

  test('every citation’s quote is the document’s text from start to end, and stands in the answer', async () => {
    const events = await ask(app, await createSession(app), 'When was the lighthouse of Skerry Point built?');
    const citations = eventsOf(events, 'citation');
    assert.ok(citations.length > 0);
    assert.equal(citations[0]?.document_id, documentId);
    const answer = contentOf(events);
    for (const citation of citations.filter(each => each.document_id === documentId)) {
      assert.equal(citation.quote, lighthouse.slice(citation.start, citation.end));
      assert.equal(citation.verified, true);
      const marked = answer.slice(citation.answer_start, citation.answer_end);
      assert.equal(
        marked,
        `${citation.quote.replace(/\n+/g, '\\\n> ').replace('# ', '\\# ')} [${citation.number}]`,
      );
    }
    assert.match(citations.map(each => each.quote).join(' '), /1874/);
    assert.equal(eventOf(events, 'done').finish_reason, 'quoted');
  });

  test('sources come before the first content, the usage before done', async () => {
    const events = await ask(app, await createSession(app), 'How high is the lamp above the sea?');
    const at = (type: StreamEvent['type']) => events.findIndex(event => event.type === type);
    assert.ok(at('start') === 0 && at('sources') < at('content') && at('content') < at('citation'));
    assert.deepEqual(
      events.slice(-2).map(event => event.type),
      ['usage', 'done'],
    );
  });

  test('it says that it quotes and how to connect a model, and the history names the author', async () => {
    const sessionId = await createSession(app);
    const events = await ask(app, sessionId, 'What burned down in 1932?');
    assert.match(contentOf(events), /quotes from your documents.*GROQ_API_KEY/);
    const answer = (await readHistory(app, sessionId))[1];
    assert.equal(answer?.model, 'quotes');
    assert.equal(answer?.content, contentOf(events));
  });

  test('a question that the documents do not answer gets that said', async () => {
    const events = await ask(app, await createSession(app), 'Which chess opening did Kasparov prefer?');
    assert.equal(eventOf(events, 'done').finish_reason, 'not_found');
    assert.match(contentOf(events), /do not seem to contain the answer/);
  });

  const inOtherLanguages = [
    [
      'Welche Eröffnung im Schach bevorzugte Kasparow?',
      /Die Dokumente scheinen die Antwort nicht zu enthalten\./,
      /Zitate/,
    ],
    [
      '¿Qué apertura de ajedrez prefería Kasparov?',
      /Los documentos no parecen contener la respuesta\./,
      /citas/,
    ],
    ['Какой дебют предпочитал Каспаров?', /Похоже, в документах нет ответа\./, /цитаты/],
    ['卡斯帕罗夫喜欢哪种开局？', /文档中似乎没有答案。/, /原文摘录/],
  ] as const;
  test('what an answer says of itself is in the language of the question', async () => {
    for (const [question, notFound, lastLine] of inOtherLanguages) {
      const answer = contentOf(await ask(app, await createSession(app), question));
      assert.match(answer, notFound);
      const [last = ''] = answer.split('\n').slice(-1);
      assert.match(last, lastLine);
      assert.match(last, /`GROQ_API_KEY`/);
    }
  });

  test('an image, a link or HTML of a document is quoted as text', async () => {
    const hostile =
      'The mooring fee is 12 euros, see [here](https://evil.example) <img src=//evil.example> and ![x](https://evil.example/?q=1)';
    const document = await upload(app, hostile, 'fees.txt');
    const events = await ask(app, await createSession(app), 'How high is the mooring fee?');
    const answer = contentOf(events);
    assert.match(answer, /mooring fee/);
    assert.deepEqual(activeMarkdown(answer), []);
    const [citation] = eventsOf(events, 'citation');
    assert.equal(citation?.quote, hostile.slice(citation?.start, citation?.end));
    assert.match(citation?.quote ?? '', /<img src=/);
    await app.fetch(`/api/document/${document}/`, { method: 'DELETE' });
  });

  test('a document is found as soon as it is there and no longer once it is gone', async () => {
    const sessionId = await createSession(app);
    const question = 'What colour is the harbour master’s boat?';
    const found = async () =>
      eventOf(await ask(app, sessionId, question), 'sources').sources.map(source => source.document_id);
    const before = await found();
    const boat = await upload(app, 'The harbour master’s boat is green.', 'boat.txt');
    assert.ok(!before.includes(boat));
    assert.equal((await found())[0], boat);
    await app.fetch(`/api/document/${boat}/`, { method: 'DELETE' });
    assert.deepEqual(await found(), before);
  });

  test('a document is not found before it is ready', async () => {
    const text = Array.from(
      { length: 3_000 },
      (_, line) => `Line ${line} is about the zeppelin museum. `,
    ).join('');
    const response = await postFile(app, text, { headers: { prefer: 'respond-async' } });
    assert.equal(response.status, 202);
    const { document_id } = (await response.json()) as { document_id: number };
    const events = await ask(app, await createSession(app), 'What is line 7 about?', {
      document_ids: [document_id],
    });
    assert.deepEqual(eventOf(events, 'sources').sources, []);
    await app.fetch(`/api/document/${document_id}/`, { method: 'DELETE' });
  });
});
