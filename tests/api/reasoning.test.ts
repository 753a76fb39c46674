import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, createSession, postQuestion, readHistory } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { contentOf, eventOf, eventsOf } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

onEachDatabase('a language model that thinks before it answers', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl, env: { LLM_SILENCE_TIMEOUT_SECONDS: '0.5' } });
    app.log.expectErrors(/"msg":"answer failed"/);
  });
  after(() => fake.close());

  async function askAndRead(question = 'Is it so?') {
    const sessionId = await createSession(app);
    const events = await ask(app, sessionId, question);
    const [, answered] = await readHistory(app, sessionId);
    assert.ok(answered);
    const reasoning = eventsOf(events, 'reasoning').map(event => event.content);
    return { sessionId, events, answered, reasoning: reasoning.join('') };
  }

  test('its thoughts are streamed and saved beside the answer, and are never part of it', async () => {
    fake.script({ kind: 'answer', tokens: ['It ', 'is.'], reasoning: ['Let me ', 'see.'] });
    const { sessionId, events, answered, reasoning } = await askAndRead();
    assert.equal(reasoning, 'Let me see.');
    assert.equal(contentOf(events), 'It is.');
    assert.equal(answered.content, 'It is.');
    assert.equal(answered.reasoning, 'Let me see.');
    assert.equal(eventOf(events, 'usage').reasoning_tokens, 2);
    await ask(app, sessionId, 'And now?');
    const sent =
      fake.requests
        .at(-1)
        ?.body.messages.map(message => message.content)
        .join('\n') ?? '';
    assert.match(sent, /It is\./);
    assert.doesNotMatch(sent, /Let me see/, 'the next question does not carry them');
  });

  test('so are those in <think>', async () => {
    fake.script(answer('<think>\nHmm.\n</think>\n\nYes.', { byteByByte: true, usage: 'none' }));
    const { events, answered, reasoning } = await askAndRead();
    assert.equal(reasoning, '\nHmm.\n');
    assert.equal(contentOf(events), 'Yes.');
    assert.equal(answered.content, 'Yes.');
    const usage = eventOf(events, 'usage');
    assert.equal(usage.estimated, true);
    assert.ok((usage.reasoning_tokens ?? 0) > 0);
    assert.ok(usage.completion_tokens > (usage.reasoning_tokens ?? 0));
  });

  test('of very long ones the last 20,000 characters are kept', async () => {
    const thoughts = Array.from({ length: 600 }, (_, index) => `${index} ${'abcdefg '.repeat(12)}`);
    fake.script({ kind: 'answer', tokens: ['Yes.'], reasoning: thoughts });
    const { answered, reasoning } = await askAndRead();
    assert.equal(reasoning, thoughts.join(''));
    assert.equal(answered.reasoning, thoughts.join('').slice(-20_000));
  });

  test('a model that only thinks has not answered, and the error says what to do', async () => {
    fake.script(answer('<think>On and on', { finishReason: 'length' }));
    const { events, answered } = await askAndRead();
    assert.match(eventOf(events, 'error').message, /RESERVED_FOR_RESPONSE/);
    assert.equal(answered.state, 'failed');
    assert.equal(answered.reasoning, 'On and on');
  });

  test('an answer that falls silent keeps what was thought', async () => {
    const reasoning = ['Hmm ', 'hm.'];
    fake.script({ kind: 'answer', tokens: ['It ', 'is.'], reasoning, after: { tokens: 1, next: 'hang' } });
    const sessionId = await createSession(app);
    const response = await postQuestion(app, sessionId, 'Well?');
    await response.body?.cancel();
    const answered = await waitUntil('the answer is saved', async () => {
      const message = (await readHistory(app, sessionId))[1];
      return message?.state === 'running' ? undefined : message;
    });
    assert.equal(answered.state, 'interrupted');
    assert.equal(answered.content, 'It ');
    assert.equal(answered.reasoning, 'Hmm hm.');
  });
});
