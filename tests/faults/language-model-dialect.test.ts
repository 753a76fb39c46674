import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { answer } from '../fakes/language-model-server.ts';
import { ask, askScripted, delta, event, fake, finishOf, startModel } from './language-model-rig.ts';

afterEach(() => {
  fake.refusedFields = [];
});

test('what a server refuses is left out or called by its newer name, and that is remembered', async () => {
  fake.refusedFields = ['stream_options', 'max_tokens', 'temperature'];
  const model = startModel();
  assert.equal((await ask(model, { temperature: 0.2 })).text, 'A fake answer.');
  assert.equal(fake.requests.length, 4);
  const { body } = fake.requests.at(-1) ?? {};
  assert.equal(body?.max_completion_tokens, 50);
  for (const field of fake.refusedFields) assert.ok(!(field in (body ?? {})), field);
  await ask(model, { temperature: 0.2 });
  assert.equal(fake.requests.length, 5);
});

test('answers that are refused at the same time are all asked again', async () => {
  fake.refusedFields = ['stream_options', 'max_tokens'];
  const model = startModel();
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => ask(model)));
  assert.deepEqual([...new Set(outcomes.map(({ text }) => text))], ['A fake answer.']);
});

test('a refusal of what can not be left out is told', async () => {
  fake.refusedFields = ['messages'];
  const outcome = await ask(startModel());
  assert.equal(outcome.error?.code, 'language_model_rejected');
  assert.equal(fake.requests.length, 1);
});

// Reasoning

const reasoningOf = ({ events }: { events: { type: string; text?: string }[] }) =>
  events.map(each => (each.type === 'reasoning' ? each.text : '')).join('');

for (const field of ['reasoning_content', 'reasoning'])
  test(`${field} is kept apart from the answer`, async () => {
    const thought = (text: string) => event({ choices: [{ index: 0, delta: { [field]: text } }] });
    const parts = [thought('Let me '), thought('see.'), delta('Yes.'), delta('', 'stop')];
    const outcome = await askScripted({ kind: 'raw', parts });
    assert.equal(outcome.text, 'Yes.');
    assert.equal(reasoningOf(outcome), 'Let me see.');
    assert.equal(outcome.events[0]?.type, 'begin');
    finishOf(outcome);
  });

test('<think> at the beginning is kept apart, however the bytes come', async () => {
  const written = '<think>\nIs it 👩‍👩‍👧? a < b\n</think>\n\nYes, <think> is a tag. 😀';
  for (const options of [{ byteByByte: true }, {}, { tokensPerSecond: 1_000 }]) {
    const outcome = await askScripted(answer(written, options));
    assert.equal(outcome.text, 'Yes, <think> is a tag. 😀');
    assert.equal(reasoningOf(outcome), '\nIs it 👩‍👩‍👧? a < b\n');
    finishOf(outcome);
  }
});

test('a model that never stops thinking has no answer, and what it thought is whole', async () => {
  const outcome = await askScripted(answer('<think>and on and on </thi', { finishReason: 'length' }));
  assert.equal(outcome.text, '');
  assert.equal(reasoningOf(outcome), '<think>and on and on </thi'.slice('<think>'.length));
});

test('reasoning tokens are part of the usage', async () => {
  const outcome = await askScripted({ kind: 'answer', tokens: ['Yes'], reasoning: ['Let', ' me', ' see.'] });
  assert.deepEqual(finishOf(outcome), {
    type: 'finish',
    reason: 'stop',
    usage: { promptTokens: 4, completionTokens: 4, reasoningTokens: 3 },
  });
});

test('what breaks off while the model thinks is not asked again: its thoughts have been shown', async () => {
  const thought = event({ choices: [{ index: 0, delta: { reasoning_content: 'Hmm.' } }] });
  const outcome = await askScripted({ kind: 'raw', parts: [thought], next: 'cut' });
  assert.equal(outcome.error?.code, 'language_model_interrupted');
  assert.equal(fake.requests.length, 1);
});

// Streams of little content

test('role-only chunks, empty deltas and usage in the last chunk alone', async () => {
  const empty = [delta(''), delta(null), event({ choices: [{ index: 0 }] }), event({ choices: null })];
  const parts = [
    event({ choices: [{ index: 0, delta: { role: 'assistant' } }] }),
    ...empty,
    delta('Yes'),
    ...empty,
    delta('', 'stop'),
    event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 1 } }),
    'data: [DONE]\n\n',
  ];
  const outcome = await askScripted({ kind: 'raw', parts });
  assert.deepEqual(
    outcome.events.map(each => each.type),
    ['begin', 'delta', 'finish'],
  );
  const finish = finishOf(outcome);
  assert.ok(finish?.type === 'finish');
  assert.equal(finish.usage?.promptTokens, 9);
});

test('a stream of empty deltas alone is no first token', async () => {
  fake.script({ kind: 'raw', parts: Array.from({ length: 50 }, () => delta('')), next: 'hang' });
  const outcome = await ask(startModel({ timeouts: { firstTokenMs: 80 } }));
  assert.match(outcome.error?.message ?? '', /did not start to answer/);
  assert.deepEqual(outcome.events, []);
});
