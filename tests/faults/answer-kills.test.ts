import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import pg from 'pg';
import { createSession, readHistory } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { contentOf, readAllEvents } from '../event-stream.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';
import { askAndWatch, type Client, clientOf, resumeAnswer, type SeenAnswer } from './answer-client.ts';

const ANSWERS = 20;
/** The most that a crash may take of an answer, besides the time of a write. */
const MOST_LOST_MS = 300;

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

const serverUrl = process.env.TEST_DATABASE_URL;
const kinds = [
  { kind: 'embedded', url: undefined, skip: false },
  { kind: 'native', url: serverUrl, skip: serverUrl ? false : 'TEST_DATABASE_URL is not set' },
];

for (const { kind, url, skip } of kinds)
  describe(`a server with ${ANSWERS} running answers (${kind})`, { skip }, () => {
    let storage: Awaited<ReturnType<typeof createTestStorage>>;
    let fake: FakeLanguageModel;
    const started: LecternProcess[] = [];
    const start = () => {
      const model = { LLM_BASE_URL: fake.baseUrl, LLM_MODEL: 'fake' };
      const lectern = startLectern({ ...storage.env, ...model });
      started.push(lectern);
      return lectern;
    };
    before(async () => {
      storage = await createTestStorage(url);
      fake = await startFakeLanguageModel();
    });
    afterEach(async () => {
      for (const lectern of started.splice(0)) await lectern.kill('SIGKILL');
    });
    after(async () => {
      await fake.close();
      await storage.remove();
    });
    const askAll = (client: Client) =>
      Promise.all(Array.from({ length: ANSWERS }, (_, index) => askAndWatch(client, `Question ${index}?`)));
    /** The half minute after which another process ends the answers of one that is silent. */
    const endLeases = async () => {
      if (!storage.databaseUrl) return;
      const client = new pg.Client({ connectionString: storage.databaseUrl });
      await client.connect();
      await client.query("UPDATE messages SET lease_until = now() WHERE state = 'running'");
      await client.end();
    };

    test('that is killed keeps every question, and of every answer what was saved', async () => {
      fake.defaultBehaviour = answer(words(1_000), { tokensPerSecond: 25 });
      const first = start();
      const firstClient = await clientOf(first);
      const answers = await askAll(firstClient);
      const writing = slowestWrite(firstClient);
      await waitUntil('every answer has a second of words', () =>
        answers.every(({ content }) => content.split(' ').length > 25),
      );
      await first.kill('SIGKILL');
      for (const { ended } of answers) await ended;
      const mostLostMs = MOST_LOST_MS + (await writing);
      await endLeases();
      const client = await clientOf(start());
      for (const [index, seen] of answers.entries())
        await checkInterrupted(client, seen, `Question ${index}?`, mostLostMs);
    });

    test('that gets SIGTERM lets them finish and exits with 0', async () => {
      fake.defaultBehaviour = answer(words(40), { tokensPerSecond: 20 });
      const first = start();
      const client = await clientOf(first);
      const answers = await askAll(client);
      const ended = first.kill('SIGTERM');
      await waitUntil('it drains', async () => (await client.fetch('/readyz')).status === 503);
      for (const seen of answers) {
        await seen.ended;
        assert.equal(seen.events.at(-1)?.event.type, 'done');
        assert.equal(seen.content, words(40));
      }
      assert.equal(await ended, 0);
    });
  });

/** Writes one thing after the other until the server is gone; the last of them was interrupted. */
async function slowestWrite(client: Client): Promise<number> {
  for (let slowestMs = 0; ; ) {
    const startedMs = performance.now();
    const isDone = await createSession(client).then(
      () => true,
      () => false,
    );
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    if (!isDone) return slowestMs;
  }
}

async function checkInterrupted(
  client: Client,
  seen: SeenAnswer,
  asked: string,
  mostLostMs: number,
): Promise<void> {
  const { sessionId, messageId, content } = seen;
  const [question, answered] = await readHistory(client, sessionId);
  assert.equal(question?.content, asked);
  assert.equal(answered?.id, messageId);
  assert.equal(answered?.state, 'interrupted');
  assert.equal(answered?.error?.code, 'answer_interrupted');
  const saved = answered?.content ?? '';
  assert.ok(content.startsWith(saved) || saved.startsWith(content), 'what is saved is what was sent');
  const lostMs = lostTime(seen, saved.length);
  assert.ok(lostMs <= mostLostMs, `${lostMs} ms are lost, ${mostLostMs} may be`);

  // One that has seen a part gets the rest of what was saved, and then the error.
  const early = seen.events.find(({ event }) => event.type === 'content');
  assert.ok(early);
  const rest = await readAllEvents(await resumeAnswer(client, messageId, early.id));
  const firstContent = early.event.type === 'content' ? early.event.content : '';
  assert.equal(firstContent + contentOf(rest), saved);
  const last = rest.at(-1);
  assert.ok(last?.type === 'error' && last.code === 'answer_interrupted' && last.retryable);
  // One that has seen more than was saved gets the check of what was, and the error.
  assert.deepEqual(await readAllEvents(await resumeAnswer(client, messageId, seen.lastId)), [
    ...(saved.length > content.length ? [{ type: 'content', content: saved.slice(content.length) }] : []),
    answered?.check,
    last,
  ]);
}

/** From the first lost word's arrival to the last one's, in milliseconds. */
function lostTime({ events }: SeenAnswer, savedLength: number): number {
  let length = 0;
  let firstLostMs: number | undefined;
  for (const { event, receivedMs } of events) {
    if (event.type === 'content') length += event.content.length;
    if (length > savedLength) firstLostMs ??= receivedMs;
  }
  return firstLostMs === undefined ? 0 : (events.at(-1)?.receivedMs ?? 0) - firstLostMs;
}
