import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentEvent } from '../../contract/documents.ts';
import { createSession, postFile, readHistory, search as searchFor } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { sendRaw } from '../raw-request.ts';
import { waitUntil } from '../wait-until.ts';
import { askAndWatch, type Client, clientOf, type SeenAnswer } from './answer-client.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const PROCESSES = 3;
const STREAMS = 60;
const words = Array.from({ length: 120 }, (_, index) => `word${index}`).join(' ');

test('several processes on the embedded database are refused', async context => {
  const storage = await createTestStorage(undefined);
  context.after(() => storage.remove());
  const refused = startLectern(storage.env, 2);
  assert.equal(await refused.ended, 1);
  assert.match(refused.output(), /--processes 2: several processes need a native PostgreSQL/);
});

describe('several processes on one port', {
  skip: serverUrl || process.env.CI ? false : 'TEST_DATABASE_URL is not set',
}, () => {
  let storage: Awaited<ReturnType<typeof createTestStorage>>;
  let fake: FakeLanguageModel;
  let lectern: LecternProcess;
  let client: Client;
  before(async () => {
    fake = await startFakeLanguageModel();
    assert.ok(serverUrl, 'TEST_DATABASE_URL is not set');
    storage = await createTestStorage(serverUrl);
    const model = { LLM_BASE_URL: fake.baseUrl, LLM_MODEL: 'fake' };
    lectern = startLectern({ ...storage.env, ...model }, PROCESSES);
    client = await clientOf(lectern);
  });
  after(async () => {
    await lectern?.kill('SIGKILL');
    await storage?.remove();
    await fake?.close();
  });
  /** Of those that serve or have served, the newest last. */
  const processIds = () =>
    [...lectern.output().matchAll(/"pid":(\d+),"msg":"a process serves"/g)].map(([, pid]) => Number(pid));

  test('when one is killed, streams of the others go on, and its own are interrupted within 5 s', async () => {
    fake.defaultBehaviour = answer(words, { tokensPerSecond: 20 });
    const seen = await Promise.all(
      Array.from({ length: STREAMS }, (_, index) => askAndWatch(client, `What is question ${index} about?`)),
    );
    await waitUntil('all have words', () => seen.every(({ content }) => content.length > 100));
    const killed = processIds()[1];
    assert.ok(killed);
    process.kill(killed, 'SIGKILL');
    const killedMs = performance.now();
    const isWhole = ({ events }: SeenAnswer) => events.at(-1)?.event.type === 'done';
    const isCut = async (answered: SeenAnswer) =>
      (await Promise.race([answered.ended.then(() => true), sleep(1_000, false)])) && !isWhole(answered);
    const cut: SeenAnswer[] = [];
    for (const [index, isBroken] of (await Promise.all(seen.map(isCut))).entries())
      if (isBroken) cut.push(seen[index] as SeenAnswer);
    assert.ok(
      cut.length >= STREAMS / PROCESSES / 2 && cut.length <= (2 * STREAMS) / PROCESSES,
      `${cut.length}`,
    );
    for (const { sessionId, content } of cut) {
      const saved = await waitUntil('it is interrupted', async () => {
        const [, answered] = await readHistory(client, sessionId);
        return answered?.state === 'interrupted' ? answered : undefined;
      });
      assert.ok(performance.now() - killedMs < 5_000, 'within 5 s');
      // What came in the last moment before may be lost, no more.
      assert.ok(saved.content.length > 20 && words.startsWith(saved.content), saved.content);
      assert.ok(saved.content.length > content.length - 60, `${saved.content.length} of ${content.length}`);
    }
    const others = seen.filter(one => !cut.includes(one));
    await Promise.all(others.map(({ ended }) => ended));
    // How long they pause while a new process starts depends on the machine: bench/parts/processes.ts measures it.
    for (const { content } of others) assert.equal(content, words);
    await waitUntil('there is a new one', () => processIds().length === PROCESSES + 1);
  });

  test('stopping works within a second whichever process is asked', async () => {
    fake.defaultBehaviour = answer('One two three.', { after: { tokens: 2, next: 'hang' } });
    const seen = await Promise.all(
      Array.from({ length: 2 * PROCESSES }, (_, index) => askAndWatch(client, `Will ${index} stop?`)),
    );
    await waitUntil('all have words', () => seen.every(({ content }) => content === 'One two'));
    for (const { messageId, ended } of seen) {
      const askedMs = performance.now();
      // A connection of its own: the processes take turns.
      const response = await sendRaw(`${client.baseUrl}/api/chat/${messageId}/stop/`, { method: 'POST' });
      assert.equal(((await response.json()) as { finish_reason: string }).finish_reason, 'stopped');
      await ended;
      assert.ok(performance.now() - askedMs < 1_000, `${performance.now() - askedMs} ms`);
    }
  });

  test('the progress of a document is seen within a second in every process', async () => {
    const ending = new AbortController();
    const readyMs: number[] = [];
    const follow = async () => {
      const response = await fetch(`${client.baseUrl}/api/document/events/`, { signal: ending.signal });
      for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
        for (const line of piece.split('\n').filter(one => one.startsWith('data: '))) {
          const event = documentEvent.parse(JSON.parse(line.slice(6)));
          if (event.type === 'document' && event.document.state === 'ready') readyMs.push(performance.now());
        }
    };
    const following = Array.from({ length: PROCESSES }, () => follow().catch(() => {}));
    await sleep(300);
    const uploaded = await postFile(client, 'A document that all processes learn of. It has two sentences.');
    assert.equal(uploaded.status, 201);
    await waitUntil('all have seen it', () => readyMs.length >= PROCESSES, 10_000);
    ending.abort();
    await Promise.all(following);
    assert.ok(Math.max(...readyMs) - Math.min(...readyMs) < 1_000);
  });

  test('what is published in one process is found in all at once, and what is deleted in none', async () => {
    // Connections of their own: the processes take turns.
    const apart: Pick<Client, 'fetch'> = {
      fetch: async (path, { method = 'GET', body, headers } = {}) =>
        sendRaw(`${client.baseUrl}${path}`, {
          method,
          body: String(body),
          headers: Object.fromEntries(new Headers(headers)),
        }),
    };
    const search = async () => {
      const { results } = await searchFor(apart, 'How tall is the Zugspitze lighthouse?', {
        mode: 'lexical',
      });
      return results.length;
    };
    const everywhere = async () => [
      ...new Set(await Promise.all(Array.from({ length: 2 * PROCESSES }, search))),
    ];
    assert.deepEqual(await everywhere(), [0]);
    const uploaded = await postFile(client, 'The Zugspitze lighthouse is 40 metres tall.');
    const { document_id } = (await uploaded.json()) as { document_id: number };
    assert.deepEqual(await everywhere(), [1]);
    await client.fetch(`/api/document/${document_id}/`, { method: 'DELETE' });
    assert.deepEqual(await everywhere(), [0]);
  });

  test('the metrics are those of all processes, whichever is asked', async () => {
    const figure = async (name: string, labels: string) => {
      const response = await sendRaw(`${client.baseUrl}/metrics`, {});
      const text = await response.text();
      const line = text.split('\n').find(one => one.startsWith(`${name}{${labels}} `));
      return Number(line?.slice(line.lastIndexOf(' ') + 1) ?? 0);
    };
    const sessions = () =>
      figure(
        'lectern_http_request_duration_seconds_count',
        'method="POST",route="/api/session/create/",status="201"',
      );
    const documents = () => figure('lectern_documents', 'state="ready"');
    // Counting begins with the first look, in all of them.
    const before = await sessions();
    const stored = await documents();
    const response = await sendRaw(`${client.baseUrl}/api/document/`, {});
    assert.equal(stored, ((await response.json()) as { documents: object[] }).documents.length);
    for (let index = 0; index < 3 * PROCESSES; index += 1)
      await (await sendRaw(`${client.baseUrl}/api/session/create/`, { method: 'POST' })).text();
    for (let index = 0; index < PROCESSES; index += 1) assert.equal(await sessions(), before + 3 * PROCESSES);
  });

  test('SIGHUP replaces every process without a failed request or a lost answer', async () => {
    fake.defaultBehaviour = answer(words, { tokensPerSecond: 40 });
    const before = processIds().slice(-PROCESSES);
    const seen = await Promise.all(
      Array.from({ length: PROCESSES }, (_, index) => askAndWatch(client, `Can ${index} go on?`)),
    );
    const failures: unknown[] = [];
    const over = new AbortController();
    const ask = async () => {
      while (!over.signal.aborted) {
        await createSession({ fetch: path => sendRaw(`${client.baseUrl}${path}`, { method: 'POST' }) }).catch(
          error => failures.push(error),
        );
        await sleep(10);
      }
    };
    const asking = [ask(), ask()];
    lectern.child.kill('SIGHUP');
    await waitUntil('every process is new', () => lectern.output().includes('every process is new'));
    over.abort();
    await Promise.all(asking);
    assert.deepEqual(failures, []);
    await Promise.all(seen.map(({ ended }) => ended));
    for (const { content } of seen) assert.equal(content, words);
    for (const pid of before) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  test('SIGTERM ends all of them with 0', async () => {
    assert.equal(await lectern.kill('SIGTERM'), 0, lectern.output());
    for (const pid of processIds()) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });
});
