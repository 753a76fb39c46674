import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerTrace } from '../../contract/trace.ts';
import { ask, createSession, expectError, expectJson, readHistory, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

onEachDatabase('follow-up questions', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
    await upload(app, 'Middlemarch is a novel by George Eliot of 1871.', 'middlemarch.txt');
    await upload(app, 'The parking garage opens at seven. It is free.', 'garage.txt');
  });
  after(() => embeddings.close());

  const readTrace = async (id: number) =>
    answerTrace.parse(await expectJson(await app.fetch(`/api/message/${id}/trace/`), 200));

  test('are searched with the words of the questions before, which the trace shows', async () => {
    const session = await createSession(app);
    await ask(app, session, 'What is Middlemarch?');
    await ask(app, session, 'Who wrote it?');
    const messages = await readHistory(app, session);
    const answer = messages.at(-1);
    assert.equal(answer?.sources[0]?.filename, 'middlemarch.txt');
    const { query, candidates, excerpts, searched_documents, question } = await readTrace(answer?.id ?? 0);
    assert.deepEqual([question, searched_documents], ['Who wrote it?', 2]);
    assert.deepEqual(
      query?.texts.map(({ text }) => text),
      ['Who wrote it?', 'What is Middlemarch?'],
    );
    assert.ok((query?.texts[0]?.weight ?? 0) > (query?.texts[1]?.weight ?? 0));
    assert.ok(query?.embedded.some(text => text.includes('Middlemarch')));
    assert.equal(query?.rewritten, null);
    const [best] = candidates;
    // "Wrote" is in neither document: only the question before has a word of it.
    assert.ok(best?.chosen && best.scores.words > 0 && best.scores.vector !== null);
    assert.equal(excerpts[0]?.passage_ids[0], best.passage_id);
  });

  test('a first question is searched as it is', async () => {
    const session = await createSession(app);
    await ask(app, session, 'Who wrote it?');
    const messages = await readHistory(app, session);
    const { query } = await readTrace(messages.at(-1)?.id ?? 0);
    assert.deepEqual([query?.texts.length, query?.embedded], [1, ['Who wrote it?']]);
  });

  test('a question has no trace, nor has a message that is not there', async () => {
    const session = await createSession(app);
    await ask(app, session, 'Who?');
    const messages = await readHistory(app, session);
    for (const id of [messages[0]?.id, 999_999])
      await expectError(await app.fetch(`/api/message/${id}/trace/`), 404, 'not_found');
  });
});
