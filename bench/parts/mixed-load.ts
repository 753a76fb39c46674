/** One huge file and many small ones at once, while people ask: does anybody wait for the huge one? */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, withClient } from '../api-client.ts';
import { ingestFiles } from '../ingest-files.ts';
import { withMockModel } from '../mock-process.ts';
import { percentile } from '../percentile.ts';
import { peakWhile } from '../process-usage.ts';
import type { Measure } from '../report.ts';
import { withFolder, withServer } from '../server-process.ts';
import { type File, makeFiles, makeLibrary, makeQuestions } from '../texts.ts';
import type { Sizes } from './part.ts';

const MB = 1_000_000;
const PROBE_EVERY_MS = 50;
const ASK_EVERY_MS = 500;
const QUESTIONS_PER_SESSION = 10;
/** What is not ready by then is counted as not ready. */
const MOST_MS = 150_000;

export async function measureMixedLoad({ quick, ingestMb }: Sizes): Promise<Measure[]> {
  const small = makeFiles(quick ? 40 : 1000, 10_000, { joined: 1 }).map((file, index) => ({
    ...file,
    // As people write them: no two are the same.
    text: `Note ${index}. ${file.text}`,
  }));
  const [huge] = makeFiles(1, (quick ? 2 : ingestMb) * MB, { joined: 5 });
  if (!huge) throw new Error('There is no text.');
  return withFolder(folder =>
    withMockModel({ tokens: 20, tokensPerSecond: 0, stamped: false }, model =>
      withServer({ folder, settings: { ...model, MAX_TEXT_BYTES: String(200 * MB) } }, ({ baseUrl, pid }) =>
        withClient(baseUrl, async client => {
          await ingestFiles(client, makeLibrary(300), { respondAsync: false });
          const over = new AbortController();
          const watching = Promise.all([probe(baseUrl, over.signal), askAlong(client, over.signal)]);
          const files = { huge: { ...huge, name: 'huge.txt' }, small };
          const { result, peakMb } = await peakWhile(pid, ingestBoth(client, files));
          const { hugeId, seconds } = result;
          over.abort();
          const [probes, questions] = await watching;
          const progress = await client.readProgress(hugeId);
          const deletionStartedAt = performance.now();
          await client.deleteDocument(hugeId);
          const deletionSeconds = (performance.now() - deletionStartedAt) / 1000;
          return [
            { name: '/livez p99', value: percentile(probes, 99), unit: 'ms', goal: { atMost: 100 } },
            { name: '/livez max', value: percentile(probes, 100), unit: 'ms' },
            ...describeQuestions(questions),
            {
              name: 'small files ready',
              value: seconds.length,
              unit: `of ${small.length}`,
              note: `half of these after ${percentile(seconds, 50).toFixed(0)} s, the last after ${percentile(seconds, 100).toFixed(0)} s; the huge one at ${(100 * progress).toFixed(2)} % then`,
            },
            {
              name: 'small files',
              value: (seconds.length * 0.01) / percentile(seconds, 100),
              unit: 'MB/s',
            },
            { name: 'peak of memory', value: peakMb, unit: 'MB', goal: { atMost: 900 } },
            { name: 'deleting the huge one within its ingestion', value: deletionSeconds, unit: 's' },
          ];
        }),
      ),
    ),
  );
}

function describeQuestions(times: number[]): Measure[] {
  const note = `${times.length} questions; best comparable product 90, max 390`;
  return [
    { name: 'first content p50', value: percentile(times, 50), unit: 'ms' },
    { name: 'first content p95', value: percentile(times, 95), unit: 'ms', goal: { atMost: 80 }, note },
    { name: 'first content max', value: percentile(times, 100), unit: 'ms' },
  ];
}

/** The huge file first, then the small ones. Returns when each of those that got ready was so, in seconds. */
async function ingestBoth(
  client: ApiClient,
  { huge, small }: { huge: File; small: File[] },
): Promise<{ hugeId: number; seconds: number[] }> {
  const hugeId = await client.upload(huge, { respondAsync: true });
  const startedAt = performance.now();
  const waiting = [...small];
  const seconds: number[] = [];
  const uploadSome = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const id = await client.upload(file, { respondAsync: true });
      unfinished.push(id);
    }
  };
  const unfinished: number[] = [];
  await Promise.all([uploadSome(), uploadSome(), uploadSome(), uploadSome()]);
  // In their order: what is ready is asked for no more.
  while (unfinished.length > 0 && performance.now() - startedAt < MOST_MS) {
    const [first = 0] = unfinished;
    if ((await client.readState(first)) === 'ready') {
      unfinished.shift();
      seconds.push((performance.now() - startedAt) / 1000);
    } else await sleep(200);
  }
  return { hugeId, seconds };
}

/** How long /livez takes, again and again. */
async function probe(baseUrl: string, over: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!over.aborted) {
    const startedAt = performance.now();
    const response = await fetch(`${baseUrl}/livez`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`/livez answered ${response.status}`);
    times.push(performance.now() - startedAt);
    await sleep(PROBE_EVERY_MS);
  }
  return times;
}

async function askAlong(client: ApiClient, over: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  let sessionId = 0;
  for (const [index, question] of makeQuestions(5_000).entries()) {
    if (over.aborted) break;
    if (index % QUESTIONS_PER_SESSION === 0) sessionId = await client.createSession();
    times.push((await client.ask(sessionId, question)).firstContentMs);
    await sleep(ASK_EVERY_MS);
  }
  return times;
}
