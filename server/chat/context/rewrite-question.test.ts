import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CapturedLog } from '../../../tests/captured-log.ts';
import {
  answer,
  type Behaviour,
  startFakeLanguageModel,
} from '../../../tests/fakes/language-model-server.ts';
import { toLanguageModel } from '../../language-model/model-writer.ts';
import { createOpenAICompatibleModel } from '../../language-model/openai-compatible/openai-compatible-model.ts';
import { rewriteQuestion } from './rewrite-question.ts';

const fake = await startFakeLanguageModel();
const log = new CapturedLog();
const model = toLanguageModel(
  createOpenAICompatibleModel({
    baseUrl: fake.baseUrl,
    model: 'fake',
    retryBaseMs: 1,
    logger: log.logger,
  }),
);
after(async () => {
  await model.close();
  await fake.close();
});

const question = 'Who wrote it?';
const turns = [
  { question: 'Is there a second part?', answer: 'No.' },
  { question: 'What is Middlemarch?', answer: 'A novel.' },
];

type Changes = { turns?: typeof turns; signal?: AbortSignal; timeoutMs?: number };

/** Whatever the model does, a good answer comes after it. */
function rewrite(behaviour: Behaviour, changes: Changes = {}) {
  fake.script(behaviour);
  const { timeoutMs = 8_000, ...request } = changes;
  const signal = new AbortController().signal;
  return rewriteQuestion(model, { question, turns, signal, ...request }, { logger: log.logger, timeoutMs });
}

test('the model is shown the last turns, oldest first and shortened, and its question comes back', async () => {
  const long = Array.from({ length: 5 }, (_, index) => ({
    question: `Question ${index}?`,
    answer: 'word '.repeat(400),
  }));
  assert.equal(
    await rewrite(answer('Who wrote the novel Middlemarch?'), { turns: long }),
    'Who wrote the novel Middlemarch?',
  );
  const { body } = fake.requests.at(-1) ?? assert.fail('nothing was asked');
  const shown = body.messages[1]?.content ?? '';
  assert.match(shown, /Question 2\?.+Question 1\?.+Question 0\?.+Last question: Who wrote it\?$/s);
  assert.doesNotMatch(shown, /Question 3/);
  assert.ok(shown.length < 2_000, `${shown.length} characters`);
  assert.ok((body.max_tokens ?? Infinity) <= 200);
  assert.equal(body.temperature, 0);
});

test('what models put around a question is taken off', async () => {
  const wanted = 'Who wrote Middlemarch?';
  for (const written of [
    ` \n${wanted}\n\nI replaced "it".`,
    `"${wanted}"`,
    `“${wanted}”`,
    `Rewritten question: ${wanted}`,
    `Standalone Question: "${wanted}"`,
  ])
    assert.equal(await rewrite(answer(written)), wanted, written);
});

test('an empty, an endless and an unfinished answer are no question', async () => {
  log.lines.length = 0;
  assert.equal(await rewrite(answer('...')), undefined);
  assert.equal(await rewrite(answer('', { usage: 'none' })), undefined);
  assert.equal(await rewrite(answer(`Well, ${'so '.repeat(150)}?`)), undefined);
  assert.equal(await rewrite(answer('Who wrote Middle', { finishReason: 'length' })), undefined);
  assert.equal(log.text.match(/question-not-rewritten/g)?.length, 4);
});

test('a model that fails or is too slow leaves the question as it was asked, within the time', async () => {
  assert.equal(await rewrite({ kind: 'status', status: 401 }), undefined);
  const startedAt = performance.now();
  assert.equal(await rewrite({ kind: 'hang-before-headers' }, { timeoutMs: 60 }), undefined);
  assert.equal(await rewrite({ kind: 'hang-after-headers' }, { timeoutMs: 60 }), undefined);
  assert.ok(performance.now() - startedAt < 4_000);
  assert.equal(await fake.requests.at(-1)?.closed, 'aborted', 'the request does not go on');
});

test('a stopped answer stops this too, with its own reason', async () => {
  const stop = new AbortController();
  const rewritten = rewrite({ kind: 'hang-after-headers' }, { signal: stop.signal });
  stop.abort(new Error('stopped by the user'));
  await assert.rejects(rewritten, /stopped by the user/);
});

test('a first question is not sent to the model', async () => {
  const before = fake.requests.length;
  const request = { question, turns: [], signal: new AbortController().signal };
  assert.equal(await rewriteQuestion(model, request, { logger: log.logger }), undefined);
  assert.equal(fake.requests.length, before);
});
