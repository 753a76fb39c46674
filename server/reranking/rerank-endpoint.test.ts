import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CapturedLog } from '../../tests/captured-log.ts';
import { type RerankBehaviour, startFakeRerankServer } from '../../tests/fakes/rerank-server.ts';
import { createRerankEndpoint } from './rerank-endpoint.ts';
import { rerankInTime } from './rerank-in-time.ts';

const apiKey = 'secret-key';
const question = 'who built the lighthouse';
const texts = ['nobody here', 'they built the lighthouse', 'a lighthouse'];
const scores = [0, 3, 1];
const never = new AbortController().signal;

async function start(context: TestContext, speaks: 'jina' | 'tei' = 'jina') {
  const fake = await startFakeRerankServer(speaks);
  context.after(() => fake.close());
  const create = (format: 'auto' | 'jina' | 'cohere' | 'tei', model: string | undefined = 'm') =>
    createRerankEndpoint({ baseUrl: fake.baseUrl, model, apiKey, format });
  return { fake, create };
}

test('texts go to a Jina or Cohere endpoint with model and key, and their scores come in their order', async context => {
  const { fake, create } = await start(context);
  for (const format of ['auto', 'jina', 'cohere'] as const)
    assert.deepEqual(await create(format).rerank(question, texts, never), scores, format);
  const expected = { model: 'm', query: question, documents: texts, top_n: 3 };
  for (const { path, authorization, body } of fake.requests) {
    assert.equal(path, '/v1/rerank');
    assert.equal(authorization, 'Bearer secret-key');
    assert.deepEqual(body, expected);
  }
  assert.equal(fake.requests.length, 3);
});

test('TEI is asked in its own words, and recognised once where nobody has said what it is', async context => {
  const { fake, create } = await start(context, 'tei');
  assert.deepEqual(await create('tei', undefined).rerank(question, texts, never), scores);
  assert.deepEqual(fake.requests[0]?.body, { query: question, texts, truncate: true });
  const recognised = create('auto');
  for (let time = 0; time < 3; time += 1)
    assert.deepEqual(await recognised.rerank(question, texts, never), scores);
  assert.equal(fake.requests.length, 1 + 4, 'one of four requests was refused');
});

test('a failure says nothing about what the endpoint speaks', async context => {
  const { fake, create } = await start(context);
  const endpoint = create('auto');
  fake.script({ kind: 'status', status: 503 });
  await assert.rejects(endpoint.rerank(question, texts, never), /it answered 503/);
  assert.equal(fake.requests.length, 1);
  assert.deepEqual(await endpoint.rerank(question, texts, never), scores);
});

test('where both ways of asking are refused, the first refusal is told', async context => {
  const { fake, create } = await start(context);
  fake.script({ kind: 'status', status: 400, body: 'no such model' });
  await assert.rejects(create('auto').rerank(question, texts, never), /it answered 400: no such model/);
  assert.equal(fake.requests.length, 2);
});

test('without a key no authorization is sent, without texts nothing at all', async context => {
  const { fake } = await start(context);
  const { baseUrl } = fake;
  const endpoint = createRerankEndpoint({ baseUrl, model: 'm', apiKey: undefined, format: 'jina' });
  assert.deepEqual(await endpoint.rerank(question, [], never), []);
  assert.equal(fake.requests.length, 0);
  await endpoint.rerank(question, texts, never);
  assert.equal(fake.requests[0]?.authorization, undefined);
});

test('refusals, nonsense and missing scores fail, and the key is in no message', async context => {
  const { fake, create } = await start(context);
  const failures: [RerankBehaviour, RegExp][] = [
    [{ kind: 'status', status: 401, body: 'bad key secret-key' }, /it answered 401: bad key \[key\]/],
    [{ kind: 'status', status: 500, body: 'x'.repeat(10_000) }, /^it answered 500: x{300}$/],
    [{ kind: 'raw', body: '<html>' }, /not that of a rerank endpoint/],
    [{ kind: 'raw', body: '{"results": [{"index": 0}]}' }, /not that of a rerank endpoint/],
    [{ kind: 'raw', body: '{"results": [{"index": 0, "relevance_score": "1"}]}' }, /not that of/],
    [{ kind: 'given', scores: [{ index: 0, score: 1 }] }, /no score for text 1 of 3/],
    [{ kind: 'given', scores: [3, 4, 5].map(index => ({ index, score: 1 })) }, /no score for text 0/],
    [{ kind: 'cut' }, /it does not answer/],
  ];
  const endpoint = create('jina');
  for (const [behaviour, message] of failures) {
    fake.script(behaviour);
    await assert.rejects(endpoint.rerank(question, texts, never), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, message);
      assert.ok(!`${error.message} ${error.cause}`.includes(apiKey));
      return true;
    });
  }
  assert.deepEqual(await endpoint.rerank(question, texts, never), scores, 'and then it works again');
});

test('whatever the endpoint does, a question has its answer in time and the order from before', async context => {
  const { fake, create } = await start(context);
  const log = new CapturedLog();
  const candidates = texts.map(text => ({ text }));
  const rerank = () =>
    rerankInTime(create('auto'), question, candidates, { timeoutMs: 150, logger: log.logger });
  const startedAt = performance.now();
  for (const kind of ['hang', 'hang-within', 'cut'] as const) {
    fake.script({ kind });
    assert.equal(await rerank(), undefined, kind);
  }
  assert.ok(performance.now() - startedAt < 3_000);
  assert.equal(log.text.match(/it took longer than RERANKER_TIMEOUT_MS/g)?.length, 2);
  assert.doesNotMatch(log.text, /secret-key/);
  assert.deepEqual(
    (await rerank())?.map(({ text }) => text),
    [texts[1], texts[2], texts[0]],
  );
});
