import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerTrace } from '../../contract/trace.ts';
import { ask, createSession, expectJson, postQuestion, readHistory, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, eventsOf, readAllEvents } from '../event-stream.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

const readTrace = async (app: TestApp, id: number) =>
  answerTrace.parse(await expectJson(await app.fetch(`/api/message/${id}/trace/`), 200));

const paragraph = (topic: string, words: number) =>
  `The lighthouse ${topic}. ${Array.from({ length: words }, (_, index) => `${topic}${index}`).join(' ')}.`;

onEachDatabase('the trace of an answer', createApp => {
  let fake: FakeLanguageModel;
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({
      languageModelUrl: fake.baseUrl,
      env: { ...embeddings.env, DOCUMENT_CONTEXT_TOKENS: '900', MIN_SIMILARITY: '0.99' },
    });
    const keeper = paragraph('keeper', 100);
    await upload(app, keeper, 'keeper.txt');
    await upload(app, `${keeper} Twice.`, 'copy.txt');
    for (const topic of ['lamp', 'tower', 'stairs', 'garden', 'boat'])
      await upload(app, paragraph(topic, 100), `${topic}.txt`);
    await upload(app, 'Bread is baked from flour, water and salt.', 'bread.txt');
  });
  after(async () => {
    await fake.close();
    embeddings.close();
  });

  test('has the prompt as it was sent, the turns before in it', async () => {
    const sessionId = await createSession(app);
    fake.script(answer('The keeper [1]. See https://evil.example.'), answer('Again [1].'));
    await ask(app, sessionId, 'Who is the keeper of the lighthouse?');
    await ask(app, sessionId, 'And who keeps <|im_end|> its lamp?');
    const history = await readHistory(app, sessionId);
    const trace = await readTrace(app, history.at(-1)?.id ?? 0);
    assert.deepEqual(
      trace.prompt?.map(({ role, content }) => ({ role, content })),
      fake.requests.at(-1)?.body.messages,
    );
    assert.deepEqual(
      trace.prompt?.map(({ message_id }) => message_id),
      [null, history[0]?.id, history[1]?.id, null],
    );
    assert.equal(trace.language_model?.name, 'fake-model');
    assert.equal(trace.language_model?.host, new URL(fake.baseUrl).host);
    assert.equal(trace.language_model?.max_tokens, fake.requests.at(-1)?.body.max_tokens);
  });

  test('says of every claim what it was compared with, how that went, and why', async () => {
    const [bread, number, other, wrong] = [
      'Bread is baked from flour, water and salt [1].',
      'It takes 25 minutes to bake bread from flour [1].',
      'The moon is made of green cheese entirely [1].',
      'Bread is not baked from flour, water and salt [1].',
    ];
    const said = 'Flour, water and salt make bread.';
    const unsaid = 'The baker of the village sleeps until noon.';
    fake.script(answer([bread, number, other, wrong, said, 'Yes.', unsaid].join(' ')));
    const events = await ask(app, await createSession(app), 'What is bread baked from, flour or water?');
    const { message_id } = eventOf(events, 'start');
    const { citations, check, uncited } = await readTrace(app, message_id);
    const [source] = eventOf(events, 'sources').sources;
    const content = contentOf(events);
    assert.deepEqual(
      citations.map(({ answer_start, answer_end, verdict }) => [
        content.slice(answer_start, answer_end),
        verdict,
      ]),
      [
        [bread.slice(0, -1), 'verified'],
        [number.slice(0, -1), 'missing_number'],
        [other.slice(0, -1), 'too_little'],
        [wrong.slice(0, -1), 'opposite'],
      ],
    );
    for (const one of citations) {
      assert.deepEqual(
        [one.number, one.passage_id, one.document_id],
        [1, source?.passage_id, source?.document_id],
      );
      assert.ok(!one.claim.includes('[') && content.includes(one.claim));
    }
    assert.deepEqual(
      citations.map(one => [one.missing_numbers, one.opposite, one.coverage > 0.9]),
      [
        [0, false, true],
        [1, false, false],
        [0, false, false],
        [0, true, true],
      ],
    );
    const sent = new Map(eventsOf(events, 'citation').map(one => [one.answer_start, one]));
    for (const { answer_start, start, end } of citations)
      assert.deepEqual([sent.get(answer_start)?.start, sent.get(answer_start)?.end], [start, end]);
    assert.deepEqual(check, eventOf(events, 'check'));
    assert.deepEqual(
      uncited.map(one => [content.slice(one.answer_start, one.answer_end), one.passage_id, one.supported]),
      [
        [said, source?.passage_id, true],
        [unsaid, source?.passage_id, false],
      ],
    );
  });

  test('says of everything that was found whether and why it is not in the prompt', async () => {
    const sessionId = await createSession(app);
    const events = await ask(app, sessionId, 'What of the keeper of the lighthouse?');
    const { message_id } = eventOf(events, 'start');
    const trace = await readTrace(app, message_id);
    const reasons = new Set(trace.candidates.map(({ left_out }) => left_out));
    assert.deepEqual(
      [...reasons].toSorted(),
      ['near_duplicate', 'over_token_budget', 'under_min_similarity', null].toSorted(),
    );
    for (const { chosen, left_out, passage } of trace.candidates) {
      assert.equal(chosen, left_out === null);
      assert.ok(passage && passage.end - passage.start === passage.text.length && passage.text !== '');
      assert.match(passage?.filename ?? '', /\.txt$/);
    }

    const { sources } = eventOf(events, 'sources');
    const usage = eventOf(events, 'usage');
    const shown = trace.excerpts.filter(({ source }) => source !== null);
    assert.deepEqual(
      shown.map(({ source, start, document_id }) => [source, start, document_id]),
      sources.map(({ number, start, document_id }) => [number, start, document_id]),
    );
    const unshown = trace.excerpts.filter(({ left_out }) => left_out === 'over_token_budget');
    assert.ok(unshown.length > 0);
    assert.equal(unshown.length, usage.budget.documents.left_out.length);
    assert.deepEqual(trace.usage, usage);
  });

  test('and so for what is far down the list', async () => {
    const halls = Array.from({ length: 40 }, (_, index) => paragraph(`hall${index}`, 90)).join('\n\n');
    const id = await upload(app, halls, 'halls.txt');
    const question = 'Which halls has the lighthouse?';
    const events = await ask(app, await createSession(app), question, { document_ids: [id] });
    const { candidates } = await readTrace(app, eventOf(events, 'start').message_id);
    const reasons = new Set(candidates.map(({ left_out }) => left_out));
    assert.ok(reasons.has('beyond_top_k'), [...reasons].join());
  });

  test('has the time of every stage and step; what was found before took none', async () => {
    const question = 'How high is the tower of the lighthouse?';
    const sessionId = await createSession(app);
    const { message_id } = eventOf(await ask(app, sessionId, question), 'start');
    const { timings, steps, cached, limits } = await readTrace(app, message_id);
    for (const stage of ['searching', 'reading', 'writing', 'first_content', 'total'])
      assert.ok((timings[`${stage}_ms`] ?? -1) >= 0, stage);
    for (const step of ['scope', 'embedding', 'lexical', 'vector', 'fusion', 'choosing'])
      assert.ok((steps[`${step}_ms`] ?? -1) >= 0, step);
    assert.deepEqual([cached, limits?.min_similarity], [false, 0.99]);
    const again = eventOf(await ask(app, await createSession(app), question), 'start');
    const second = await readTrace(app, again.message_id);
    assert.ok(second.cached && second.steps.embedding_ms === undefined);
    assert.deepEqual(
      second.query?.texts.map(({ text }) => text),
      [question],
    );
  });

  test('an answer that ended before anything was found has the question and its end', async () => {
    const question = 'Is anything held here?';
    const sessionId = await createSession(app);
    embeddings.hold(/held here/);
    const events = readAllEvents(await postQuestion(app, sessionId, question));
    await waitUntil('the question waits for its embedding', () => embeddings.held() === 1 || undefined);
    const [, running] = await readHistory(app, sessionId);
    const early = await readTrace(app, running?.id ?? 0);
    assert.deepEqual([early.state, early.query, early.prompt], ['running', null, null]);
    await app.fetch(`/api/chat/${running?.id}/stop/`, { method: 'POST' });
    embeddings.release();
    await events;
    const trace = await readTrace(app, running?.id ?? 0);
    assert.deepEqual(
      [trace.question, trace.query, trace.candidates, trace.prompt, trace.usage, trace.finish_reason],
      [question, null, [], null, null, 'stopped'],
    );
  });

  test('an answer whose model failed has its prompt and the error', async () => {
    app.log.expectErrors(/answer failed/);
    fake.script({ kind: 'status', status: 401 });
    const events = await ask(app, await createSession(app), 'What of the boat of the lighthouse?');
    const trace = await readTrace(app, eventOf(events, 'start').message_id);
    assert.deepEqual([trace.state, trace.error?.code], ['failed', 'language_model_unauthorised']);
    assert.ok((trace.prompt?.length ?? 0) > 0 && trace.candidates.length > 0);
  });

  test('an answer of an earlier release tells what it knows', async () => {
    const events = await ask(app, await createSession(app), 'What of the garden of the lighthouse?');
    const { message_id } = eventOf(events, 'start');
    const scores = { vector: 0.5, lexical: 1, words: 3, window: 0, subwords: 0, name: 0 };
    const then = {
      question: 'What of the garden of the lighthouse?',
      query: { rewritten: null, texts: [{ text: 'garden', weight: 1 }], embedded: ['garden'] },
      cached: false,
      reranked: false,
      searched_documents: 8,
      candidates: [{ passage_id: 1, version: 1, score: 1, scores, chosen: true }],
      excerpts: [{ document_id: 1, version: 1, start: 0, end: 5, passage_ids: [1] }],
    };
    await app.inspect(db =>
      db
        .updateTable('messages')
        .set({ trace: JSON.stringify(then) })
        .where('id', '=', message_id)
        .execute(),
    );
    await app.restart();
    const trace = await readTrace(app, message_id);
    const [{ passage, ...candidate } = { passage: null }, ...others] = trace.candidates;
    assert.deepEqual([candidate, others], [{ ...then.candidates[0], left_out: null }, []]);
    assert.match(passage?.text ?? '', /keeper/);
    assert.deepEqual(trace.excerpts, [{ ...then.excerpts[0], source: null, left_out: null }]);
    assert.deepEqual([trace.prompt, trace.language_model, trace.steps], [null, null, {}]);
  });

  test('an answer of quotes asked no language model', async () => {
    const quoting = await createApp({ env: embeddings.env });
    await upload(quoting, 'The lighthouse of Skerry Point was built in 1874.', 'lighthouse.txt');
    const events = await ask(quoting, await createSession(quoting), 'When was the lighthouse built?');
    const trace = await readTrace(quoting, eventOf(events, 'start').message_id);
    assert.deepEqual([trace.prompt, trace.language_model], [null, null]);
    assert.equal(trace.excerpts[0]?.source, 1);
    assert.deepEqual(trace.usage, eventOf(events, 'usage'));
  });
});
