import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { createSession, postFile, postJson, postQuestion, readHistory } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { readAllEvents } from '../event-stream.ts';
import { onEachDatabase } from '../on-each-database.ts';

const BUDGET_MS = 15_000;
const eventStream = { headers: { 'content-type': 'text/event-stream' } };

/** How long a search takes is learnt from those that there were. */
async function warmUp(app: TestApp): Promise<void> {
  await postFile(app, 'The lighthouse of Amrum is 41 metres tall. It was built in 1875.');
  for (let count = 0; count < 5; count += 1)
    await readAllEvents(await postQuestion(app, await createSession(app), `Is it tall, ${count}?`));
}

/**
 * Sends all requests in the same moment, on connections that have been answered on before. Ones that are only open do
 * not do: the server accepts one in each turn of its event loop, so what is sent on them comes at that pace.
 */
async function postAllAtOnce({ baseUrl }: TestApp, path: string, bodies: object[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: bodies.length, maxFreeSockets: bodies.length });
  const send = async (to: string, options: RequestOptions, body?: object) => {
    const outgoing = request(`${baseUrl}${to}`, { ...options, agent });
    outgoing.end(body && JSON.stringify(body));
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { incoming, content: await text(incoming), isSameConnection: outgoing.reusedSocket };
  };
  await Promise.all(bodies.map(() => send('/livez', {})));
  const startedMs = performance.now();
  const outcomes = await Promise.all(
    bodies.map(async body => {
      const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
      const { incoming, content, isSameConnection } = await send(path, json, body);
      assert.ok(isSameConnection);
      const status = incoming.statusCode ?? 0;
      return {
        status,
        content,
        code: status === 200 ? undefined : (JSON.parse(content) as { error: { code: string } }).error.code,
        retryAfter: incoming.headers['retry-after'],
        ms: performance.now() - startedMs,
      };
    }),
  );
  agent.destroy();
  return outcomes;
}

onEachDatabase('ten times too much', createApp => {
  let app: TestApp;
  before(async () => {
    app = await createApp({ env: { OVERLOAD_REQUESTS: '20' } });
    await warmUp(app);
  });

  test('of 200 requests at once some get 503 soon, those let in are answered, and the server lives', async () => {
    const queries = Array.from({ length: 200 }, (_, index) => ({ query: `lighthouse ${index}` }));
    const outcomes = await postAllAtOnce(app, '/api/search/', queries);
    for (const { status, code, retryAfter } of outcomes)
      if (status !== 200) {
        assert.deepEqual([status, code], [503, 'overloaded']);
        assert.ok(Number(retryAfter) > 0);
      }
    const [livez, readyz] = await Promise.all(['/livez', '/readyz'].map(path => app.fetch(path)));
    assert.deepEqual([livez?.status, readyz?.status], [200, 200]);
    const served = outcomes.filter(({ status }) => status === 200);
    assert.ok(served.length >= 20 && served.length < 200, `${served.length} served`);
    assert.ok(Math.max(...served.map(({ ms }) => ms)) < BUDGET_MS);
    assert.match(app.log.text, /there are too many requests, some are refused/);
    assert.equal((await postJson(app, '/api/search/', { query: 'afterwards' })).status, 200);
  });

  test('questions that would wait too long get 503 before anything of them is saved', async () => {
    const patient = await createApp({ env: { OVERLOAD_WAIT_SECONDS: '0.02' } });
    await warmUp(patient);
    const sessions: number[] = [];
    for (let count = 0; count < 100; count += 1) sessions.push(await createSession(patient));
    const questions = sessions.map((id, index) => ({
      session_id: id,
      message: `How tall is it in ${index} feet?`,
    }));
    const answers = await postAllAtOnce(patient, '/api/chat/', questions);
    const outcomes = await Promise.all(
      answers.map(async ({ status, code, content }) => {
        if (status === 200) return (await readAllEvents(new Response(content, eventStream))).at(-1)?.type;
        assert.equal(status, 503);
        return code;
      }),
    );
    assert.deepEqual([...new Set(outcomes)].sort(), ['done', 'overloaded']);
    for (const [index, outcome] of outcomes.entries())
      assert.equal((await readHistory(patient, sessions[index] ?? 0)).length, outcome === 'done' ? 2 : 0);
  });
});
