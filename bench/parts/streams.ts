/** Many answers at once at the speed at which language models write: how late each token arrives. */
import { type ApiClient, withClient } from '../api-client.ts';
import { epochMs } from '../epoch-ms.ts';
import { ingestFiles } from '../ingest-files.ts';
import { withMockModel } from '../mock-process.ts';
import { percentile } from '../percentile.ts';
import type { Measure } from '../report.ts';
import { withFolder, withServer } from '../server-process.ts';
import { makeLibrary, makeQuestions } from '../texts.ts';
import type { Sizes } from './part.ts';

const TOKENS_PER_SECOND = 50;

export async function measureStreams({ quick }: Sizes): Promise<Measure[]> {
  const streams = quick ? 10 : 100;
  const tokens = quick ? 50 : 300;
  const results = await withFolder(folder =>
    withMockModel({ tokens, tokensPerSecond: TOKENS_PER_SECOND, stamped: true }, settings =>
      withServer({ folder, settings }, ({ baseUrl }) =>
        withClient(baseUrl, async client => {
          await ingestFiles(client, makeLibrary(quick ? 100 : 1000), { respondAsync: false });
          const questions = makeQuestions(streams + 10);
          for (const question of questions.splice(0, quick ? 1 : 2)) await follow(client, question);
          return Promise.allSettled(questions.slice(0, streams).map(question => follow(client, question)));
        }),
      ),
    ),
  );
  const finished = results.filter(result => result.status === 'fulfilled').map(({ value }) => value);
  const lost = finished.filter(({ lags }) => lags.length !== tokens).length;
  const failed = results.find(result => result.status === 'rejected');
  if (failed || lost > 0)
    throw new Error(
      `${results.length - finished.length} of ${streams} streams failed, ${lost} lost tokens: ${failed?.reason}`,
    );
  const lags = finished.flatMap(stream => stream.lags);
  const firsts = finished.map(({ firstContentMs }) => firstContentMs);
  return [
    {
      name: 'finished whole',
      value: finished.length,
      unit: 'streams',
      goal: { atLeast: streams },
      note: `${tokens} tokens each`,
    },
    { name: 'lag of a token p50', value: percentile(lags, 50), unit: 'ms' },
    { name: 'lag of a token p99', value: percentile(lags, 99), unit: 'ms', goal: { atMost: 100 } },
    { name: 'lag of a token max', value: percentile(lags, 100), unit: 'ms' },
    {
      name: 'first content p50',
      value: percentile(firsts, 50),
      unit: 'ms',
      note: 'all asked at the same moment',
    },
    { name: 'first content max', value: percentile(firsts, 100), unit: 'ms' },
  ];
}

type Followed = { lags: number[]; firstContentMs: number };

/** From the language model's sending a token to the client's receiving it. */
async function follow(client: ApiClient, question: string): Promise<Followed> {
  const lags: number[] = [];
  let rest = '';
  const sessionId = await client.createSession();
  const { firstContentMs } = await client.ask(sessionId, question, content => {
    const receivedMs = epochMs();
    const stamps = (rest + content).split(' ');
    rest = stamps.pop() ?? '';
    for (const stamp of stamps) lags.push(receivedMs - Number(stamp.slice(1)));
  });
  return { lags, firstContentMs };
}
