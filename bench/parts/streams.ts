/** Many answers at once at the speed at which language models write: how late each token arrives. */
import { type ApiClient, withClient } from '../api-client.ts';
import { epochMs } from '../epoch-ms.ts';
import { ingestFiles } from '../ingest-files.ts';
import { withMockModel } from '../mock-process.ts';
import { percentile } from '../percentile.ts';
import { cpuSeconds, peakWhile } from '../process-usage.ts';
import type { Measure } from '../report.ts';
import { type ServerProcess, withFolder, withServer } from '../server-process.ts';
import { readStamp } from '../stamps.ts';
import { makeFiles, makeLibrary, makeLibraryQuestions } from '../texts.ts';
import type { Sizes } from './part.ts';

const TOKENS_PER_SECOND = 50;

type Load = {
  streams: number;
  /** Of each answer. */
  tokens: number;
  mostLagMs: number;
  mostMb?: number;
  /** While documents are ingested. */
  withIngestion?: boolean;
};

const part =
  (load: Load) =>
  ({ quick }: Sizes): Promise<Measure[]> =>
    measureLoad(quick ? { ...load, streams: load.streams / 10, tokens: 50 } : load);

export const streamParts = {
  'streams-100': part({ streams: 100, tokens: 300, mostLagMs: 60 }),
  'streams-300': part({ streams: 300, tokens: 300, mostLagMs: 60 }),
  'streams-1000': part({ streams: 1000, tokens: 1000, mostLagMs: 150, mostMb: 700 }),
  'streams-ingesting': part({ streams: 100, tokens: 300, mostLagMs: 100, withIngestion: true }),
};

function measureLoad(load: Load): Promise<Measure[]> {
  const { tokens, streams } = load;
  const library = makeLibrary(streams < 100 ? 100 : 1000);
  return withFolder(folder =>
    withMockModel({ tokens, tokensPerSecond: TOKENS_PER_SECOND, stamped: true }, async settings => {
      const options = { folder, settings };
      await withServer(options, ({ baseUrl }) =>
        withClient(baseUrl, client => ingestFiles(client, library, { respondAsync: false })),
      );
      // Started again: what ingesting has left in memory is no stream's.
      return withServer(options, server =>
        withClient(server.baseUrl, async client => {
          const questions = makeLibraryQuestions(library, streams + 2);
          for (const question of questions.splice(0, 2)) await follow(client, question);
          return runLoad(load, server, client, questions);
        }),
      );
    }),
  );
}

async function runLoad(
  load: Load,
  { pid }: ServerProcess,
  client: ApiClient,
  questions: string[],
): Promise<Measure[]> {
  const over = new AbortController();
  const ingested = load.withIngestion ? ingestOnAndOn(client, over.signal) : Promise.resolve(0);
  const cpuBefore = await cpuSeconds(pid);
  const { result, peakMb } = await peakWhile(
    pid,
    Promise.allSettled(questions.map(question => follow(client, question))),
  );
  const cpu = (await cpuSeconds(pid)) - cpuBefore;
  over.abort();
  const documents = await ingested;
  const finished = result.filter(one => one.status === 'fulfilled').map(({ value }) => value);
  // What the check of the evidence refuses is written by no model.
  const written = finished.filter(({ isRefused }) => !isRefused);
  const lost = written.filter(({ lags }) => lags.length !== load.tokens).length;
  const failed = result.find(one => one.status === 'rejected');
  if (failed || lost > 0)
    throw new Error(
      `${result.length - finished.length} of ${load.streams} streams failed, ${lost} lost tokens: ${failed?.reason}`,
    );
  const measures = describe(load, finished, peakMb);
  const tokens = load.tokens * written.length;
  measures.push({ name: `processor time of a token`, value: (1e6 * cpu) / tokens, unit: 'µs' });
  if (load.withIngestion) measures.push({ name: `documents ingested meanwhile`, value: documents, unit: '' });
  return measures;
}

function describe(
  { streams, tokens, mostLagMs, mostMb }: Load,
  finished: Followed[],
  peakMb: number,
): Measure[] {
  const lags = finished.flatMap(stream => stream.lags);
  const refused = finished.filter(({ isRefused }) => isRefused).length;
  const firsts = finished.map(({ firstContentMs }) => firstContentMs);
  const lag = (percent: number) => ({ value: percentile(lags, percent), unit: 'ms' });
  return [
    {
      name: `finished whole`,
      value: finished.length,
      unit: 'streams',
      goal: { atLeast: streams },
      note: `${tokens} tokens each${refused > 0 ? `, but ${refused} that were refused` : ''}`,
    },
    { name: `lag of a token p50`, ...lag(50) },
    { name: `lag of a token p99`, ...lag(99), goal: { atMost: mostLagMs } },
    { name: `lag of a token max`, ...lag(100) },
    {
      name: `first content p50`,
      value: percentile(firsts, 50),
      unit: 'ms',
      note: 'all asked at the same moment',
    },
    { name: `first content max`, value: percentile(firsts, 100), unit: 'ms' },
    {
      name: `peak of memory`,
      value: peakMb,
      unit: 'MB',
      ...(mostMb !== undefined && { goal: { atMost: mostMb } }),
    },
  ];
}

/** Documents of 100 kB, one after the other, until told to end. Returns how many. */
async function ingestOnAndOn(client: ApiClient, signal: AbortSignal): Promise<number> {
  const files = makeFiles(200, 100_000, { joined: 3 });
  let ingested = 0;
  for (const [index, file] of files.entries()) {
    if (signal.aborted) break;
    const named = { name: `meanwhile-${index}.txt`, text: `Document ${index}. ${file.text}` };
    await client.waitUntilReady(await client.upload(named, { respondAsync: true }), 100);
    ingested += 1;
  }
  return ingested;
}

type Followed = { lags: number[]; firstContentMs: number; isRefused: boolean };

/** From the language model's sending a token to the client's receiving it. */
async function follow(client: ApiClient, question: string): Promise<Followed> {
  const lags: number[] = [];
  let rest = '';
  const sessionId = await client.createSession();
  const { firstContentMs, isRefused } = await client.ask(sessionId, question, content => {
    const receivedMs = epochMs();
    const stamps = (rest + content).split(' ');
    rest = stamps.pop() ?? '';
    for (const stamp of stamps) lags.push(receivedMs - readStamp(stamp));
  });
  return { lags: isRefused ? [] : lags, firstContentMs, isRefused };
}
