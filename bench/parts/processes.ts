/** Several processes on one native PostgreSQL: what they answer more than one, and what the others see of one that dies. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createNativeDatabase } from '../../tests/database-templates/native-database.ts';
import { ApiClient, withClient } from '../api-client.ts';
import { ingestFiles } from '../ingest-files.ts';
import { withMockModel } from '../mock-process.ts';
import { percentile } from '../percentile.ts';
import { childrenOf, treeCpuSeconds } from '../process-usage.ts';
import type { Measure } from '../report.ts';
import { type ServerProcess, withFolder, withServer } from '../server-process.ts';
import { type File, makeLibrary, makeLibraryQuestions } from '../texts.ts';
import type { Sizes } from './part.ts';

const PROCESSES = 4;
const CLIENTS = 16;
const TOKENS = 60;
const STREAM_TOKENS = 200;
/** As many as two cores carry beside the clients and the model: what is measured is who notices a death, and not how late tokens are. */
const STREAM_TOKENS_PER_SECOND = 10;
const INTERRUPTED_WITHIN_MS = 5_000;
const POLL_MS = 50;

export async function measureProcesses({ quick }: Sizes): Promise<Measure[]> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (!serverUrl)
    throw new Error('TEST_DATABASE_URL names no native PostgreSQL: `.ci/native-postgres start`');
  const counts = quick ? { questions: 40, streams: 40 } : { questions: 400, streams: 500 };
  const database = await createNativeDatabase(serverUrl);
  try {
    return await withFolder(async folder => {
      const library = makeLibrary(quick ? 100 : 1_000);
      const settings = { DATABASE_URL: database.url };
      await withServer({ folder, settings }, ({ baseUrl }) =>
        withClient(baseUrl, client => ingestFiles(client, library, { respondAsync: false })),
      );
      const place = { folder, settings, library };
      return [
        ...(await measureThroughput(place, counts.questions)),
        ...(await measureDeath(place, counts.streams)),
      ];
    });
  } finally {
    await database.drop();
  }
}

type Place = { folder: string; settings: Record<string, string>; library: File[] };

async function measureThroughput(place: Place, count: number): Promise<Measure[]> {
  const one = await askMany(place, 1, count);
  const two = await askMany(place, 2, count);
  const many = await askMany(place, PROCESSES, count);
  const best = Math.max(two.perSecond, many.perSecond);
  return [
    { name: '1 process', value: one.perSecond, unit: 'questions/s', note: one.note },
    { name: '2 processes', value: two.perSecond, unit: 'questions/s', note: two.note },
    { name: `${PROCESSES} processes`, value: many.perSecond, unit: 'questions/s', note: many.note },
    { name: 'gain of the better', value: best / one.perSecond, unit: '×', goal: { atLeast: 1.7 } },
  ];
}

/** Questions of clients that each ask one after the other, with a language model that answers at once. */
function askMany({ folder, settings, library }: Place, processes: number, count: number) {
  return withMockModel({ tokens: TOKENS, tokensPerSecond: 0, stamped: false }, model =>
    withServer({ folder, settings: { ...settings, ...model }, processes }, async server => {
      const questions = makeLibraryQuestions(library, count + 8 * CLIENTS);
      await askAll(server.baseUrl, questions.splice(0, 8 * CLIENTS));
      const serverBefore = await treeCpuSeconds(server.pid);
      const ownBefore = process.cpuUsage();
      const startedAt = performance.now();
      await askAll(server.baseUrl, questions);
      const seconds = (performance.now() - startedAt) / 1000;
      const own = process.cpuUsage(ownBefore);
      const cores = (cpuSeconds: number) => (cpuSeconds / seconds).toFixed(2);
      const used = cores((await treeCpuSeconds(server.pid)) - serverBefore);
      const note = `cores in use: ${used} the server, ${cores((own.user + own.system) / 1e6)} the clients; the rest the database and the model`;
      return { perSecond: questions.length / seconds, note };
    }),
  );
}

/** Each client has connections of its own: the processes take turns. */
async function askAll(baseUrl: string, questions: string[]): Promise<void> {
  const askOneAfterTheOther = (own: string[]) =>
    withClient(baseUrl, async client => {
      const sessionId = await client.createSession();
      for (const question of own) await client.ask(sessionId, question);
    });
  await Promise.all(
    Array.from({ length: CLIENTS }, (_, client) =>
      askOneAfterTheOther(questions.filter((_, index) => index % CLIENTS === client)),
    ),
  );
}

type Stream = {
  sessionId: number;
  content: string;
  longestPauseMs: number;
  end: 'whole' | 'refused' | 'cut' | undefined;
};

function measureDeath({ folder, settings, library }: Place, streams: number): Promise<Measure[]> {
  const model = { tokens: STREAM_TOKENS, tokensPerSecond: STREAM_TOKENS_PER_SECOND, stamped: false };
  return withMockModel(model, modelSettings =>
    withServer(
      { folder, settings: { ...settings, ...modelSettings }, processes: PROCESSES },
      async server => {
        const started = makeLibraryQuestions(library, streams).map(question =>
          follow(server.baseUrl, question),
        );
        const all = started.map(({ stream }) => stream);
        await until(() => all.every(({ content, end }) => content !== '' || end !== undefined));
        for (const stream of all) stream.longestPauseMs = 0;
        const killedMs = await killOne(server);
        const cutIn = readInterrupted(server.baseUrl, all, killedMs);
        await Promise.all(started.map(({ ended }) => ended));
        return describe(all, await cutIn);
      },
    ),
  );
}

/** One of those that do nothing but serve: the first one processes documents. */
async function killOne({ pid }: ServerProcess): Promise<number> {
  const last = (await childrenOf(pid)).at(-1);
  if (last === undefined) throw new Error('The server has no processes.');
  process.kill(last, 'SIGKILL');
  return performance.now();
}

/** Connections of its own, so that all processes get some. */
function follow(baseUrl: string, question: string): { stream: Stream; ended: Promise<void> } {
  const stream: Stream = { sessionId: 0, content: '', longestPauseMs: 0, end: undefined };
  const ended = withClient(baseUrl, async client => {
    stream.sessionId = await client.createSession();
    let lastMs = performance.now();
    const onContent = (content: string) => {
      const nowMs = performance.now();
      if (stream.content !== '') stream.longestPauseMs = Math.max(stream.longestPauseMs, nowMs - lastMs);
      lastMs = nowMs;
      stream.content += content;
    };
    try {
      const { isRefused } = await client.ask(stream.sessionId, question, onContent);
      stream.end = isRefused ? 'refused' : 'whole';
    } catch {
      stream.end = 'cut';
    }
  });
  return { stream, ended };
}

type Interrupted = { stream: Stream; afterMs: number; saved: string };

/** When each stream that was cut is there as interrupted, as the processes that are left tell it. */
async function readInterrupted(baseUrl: string, streams: Stream[], killedMs: number): Promise<Interrupted[]> {
  const found: Interrupted[] = [];
  const client = new ApiClient(baseUrl);
  const isLate = () => performance.now() - killedMs > 4 * INTERRUPTED_WITHIN_MS;
  while (!isLate()) {
    const left = streams.filter(one => one.end === 'cut' && !found.some(({ stream }) => stream === one));
    for (const stream of left) {
      const last = await client.readLastAnswer(stream.sessionId);
      if (last?.state === 'interrupted')
        found.push({ stream, afterMs: performance.now() - killedMs, saved: last.content });
    }
    await sleep(POLL_MS);
  }
  await client.close();
  return found;
}

function describe(all: Stream[], interrupted: Interrupted[]): Measure[] {
  const cut = all.filter(({ end }) => end === 'cut');
  const others = all.filter(({ end }) => end !== 'cut');
  const whole = others.filter(
    ({ end, content }) => end === 'refused' || content.trim().split(' ').length === STREAM_TOKENS,
  );
  const inTime = interrupted.filter(({ afterMs }) => afterMs <= INTERRUPTED_WITHIN_MS);
  const pauses = others.filter(({ end }) => end === 'whole').map(({ longestPauseMs }) => longestPauseMs);
  const lost = interrupted.map(({ stream, saved }) => stream.content.length - saved.length);
  return [
    {
      name: 'streams of the other processes, whole',
      value: whole.length,
      unit: `of ${others.length}`,
      goal: { atLeast: others.length },
      note: `${all.length} streams, ${cut.length} of the process that was killed`,
    },
    {
      name: 'its own, interrupted with their saved part within 5 s',
      value: inTime.length,
      unit: `of ${cut.length}`,
      goal: { atLeast: cut.length },
      note: `after ${percentile(
        interrupted.map(({ afterMs }) => afterMs),
        100,
      ).toFixed(
        0,
      )} ms at the latest; at most ${Math.max(0, ...lost)} characters that were sent are not saved`,
    },
    { name: 'longest pause of the others p50', value: percentile(pauses, 50), unit: 'ms' },
    {
      name: 'longest pause of the others max',
      value: percentile(pauses, 100),
      unit: 'ms',
      note: 'from the death on, a new process starting beside them',
    },
  ];
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(POLL_MS);
}
