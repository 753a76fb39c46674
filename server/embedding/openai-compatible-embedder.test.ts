import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { AppError } from '../errors.ts';
import { createOpenAICompatibleEmbedder } from './openai-compatible-embedder.ts';

type Call = {
  url: string | undefined;
  authorization: string | undefined;
  body: { model: string; input: string[] };
};
type Answer = { status?: number; body: unknown };

/** An embeddings endpoint over real HTTP: every vector begins with its text's length. */
async function startEndpoint(context: TestContext, answer?: (call: Call) => Answer) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const { url, headers } = request;
    const call = { url, authorization: headers.authorization, body: JSON.parse(await text(request)) };
    calls.push(call);
    const { status = 200, body } = answer?.(call) ?? {
      body: { data: vectorsOf(call.body.input).toReversed() },
    };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { calls, baseUrl: `http://127.0.0.1:${port}/v1` };
}

const vectorsOf = (input: string[]) =>
  input.map((one, index) => ({ index, embedding: [one.length, one.length, 0] }));

const settings = { model: 'm', apiKey: 'secret-key', dimensions: undefined };

test('texts go out in batches with model and key; vectors come back in order and of unit length', async context => {
  const { calls, baseUrl } = await startEndpoint(context, ({ body }) => ({
    // Out of order, as the index allows, and each pointing where its text's number says.
    body: {
      data: body.input.map((one, index) => ({ index, embedding: [Number(one) + 1, 1, 0] })).toReversed(),
    },
  }));
  const embedder = createOpenAICompatibleEmbedder({ ...settings, baseUrl: `${baseUrl}/` });
  assert.equal(embedder.dimensions, undefined);
  const vectors = await embedder.embedPassages(Array.from({ length: 40 }, (_, index) => String(index)));
  assert.deepEqual(
    calls.map(call => [call.url, call.authorization, call.body.model, call.body.input.length]),
    [
      ['/v1/embeddings', 'Bearer secret-key', 'm', 32],
      ['/v1/embeddings', 'Bearer secret-key', 'm', 8],
    ],
  );
  assert.equal(embedder.dimensions, 3, 'discovered');
  for (const [index, vector] of vectors.entries()) {
    assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6);
    assert.ok(Math.abs((vector[0] ?? 0) / (vector[1] ?? 1) - (index + 1)) < 1e-3, `vector ${index}`);
  }
});

test('without a key no authorization is sent, and a wanted number of dimensions is asked for and checked', async context => {
  const { calls, baseUrl } = await startEndpoint(context);
  const embedder = createOpenAICompatibleEmbedder({ model: 'm', apiKey: undefined, dimensions: 5, baseUrl });
  await assert.rejects(embedder.embedQuestion('why'), failsWith(/3 numbers per vector instead of 5/));
  assert.equal(calls[0]?.authorization, undefined);
  assert.deepEqual(calls[0]?.body, { model: 'm', input: ['why'], dimensions: 5 });
});

test('a refusal, nonsense, a missing vector and silence are told, without the key', async context => {
  const answers: Record<string, Answer> = {
    refused: { status: 401, body: { error: 'bad key secret-key' } },
    nonsense: { body: { hello: 'world' } },
    missing: { body: { data: [{ index: 7, embedding: [1, 0, 0] }] } },
  };
  const { baseUrl } = await startEndpoint(
    context,
    ({ body }) => answers[body.input[0] ?? ''] ?? { body: {} },
  );
  const embedder = createOpenAICompatibleEmbedder({ ...settings, baseUrl });
  await assert.rejects(embedder.embedQuestion('refused'), failsWith(/it answered 401/));
  await assert.rejects(embedder.embedQuestion('nonsense'), failsWith(/not that of an embeddings endpoint/));
  await assert.rejects(embedder.embedQuestion('missing'), failsWith(/no vector for text 0/));
  const nobody = createOpenAICompatibleEmbedder({ ...settings, baseUrl: 'http://127.0.0.1:1/v1' });
  await assert.rejects(nobody.embedQuestion('x'), failsWith(/does not answer/));
});

const failsWith = (message: RegExp) => (error: unknown) =>
  error instanceof AppError &&
  error.code === 'embedding_failed' &&
  message.test(error.message) &&
  !error.message.includes('secret-key') &&
  !String(error.cause).includes('secret-key');
