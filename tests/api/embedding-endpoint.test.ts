import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { health } from '../../contract/health.ts';
import { createSession, expectJson, postQuestion, upload } from '../api-client.ts';
import { createTestApp } from '../create-test-app.ts';

test('documents and questions are embedded by the configured endpoint, whatever its dimensions', async context => {
  // Two dimensions: whether the text is about lighthouses.
  const endpoint = createServer(async (request, response) => {
    const { input } = JSON.parse(await text(request)) as { input: string[] };
    const data = input.map((one, index) => ({ index, embedding: /lighthouse/i.test(one) ? [1, 0] : [0, 1] }));
    response.end(JSON.stringify({ data }));
  });
  await new Promise<void>(resolve => endpoint.listen(0, '127.0.0.1', resolve));
  context.after(() => endpoint.close());
  const { port } = endpoint.address() as AddressInfo;
  const app = await createTestApp(undefined, {
    env: { EMBEDDING_BASE_URL: `http://127.0.0.1:${port}/v1`, EMBEDDING_MODEL: 'two' },
  });
  context.after(() => app.close());
  const dimensions = async () =>
    health.parse(await expectJson(await app.fetch('/api/health/'), 200)).embedding_dim;
  assert.equal(await dimensions(), null, 'not asked yet');
  await upload(app, 'The lighthouse was painted in 1931.', 'a.txt');
  await upload(app, 'Bread needs flour, water and time.', 'b.txt');
  assert.equal(await dimensions(), 2);
  const answer = await postQuestion(app, await createSession(app), 'When was the lighthouse painted?');
  const stream = await answer.text();
  assert.match(stream, /painted in 1931\. \[1\]/);
  assert.doesNotMatch(stream, /flour/);
});
