/** From sending a question to the first words of its answer, with a language model that answers at once. */
import { type ApiClient, withClient } from '../api-client.ts';
import { ingestFiles } from '../ingest-files.ts';
import { withMockModel } from '../mock-process.ts';
import { percentile } from '../percentile.ts';
import { cpuSeconds } from '../process-usage.ts';
import type { Measure } from '../report.ts';
import { withFolder, withServer } from '../server-process.ts';
import { makeLibrary, makeQuestions } from '../texts.ts';
import type { Sizes } from './part.ts';

const TOKENS = 60;
/** A conversation as people have it: with one of hundreds of turns its history would be measured instead. */
const QUESTIONS_PER_SESSION = 10;
const MANY_CLIENTS = 8;

export async function measureFirstContent({ quick }: Sizes): Promise<Measure[]> {
  const counts = quick ? { warmUp: 8, one: 20, many: 40 } : { warmUp: 50, one: 200, many: 400 };
  const questions = makeQuestions(counts.warmUp + counts.one + counts.many);
  return withFolder(folder =>
    withMockModel({ tokens: TOKENS, tokensPerSecond: 0, stamped: false }, settings =>
      withServer({ folder, settings }, ({ baseUrl, pid }) =>
        withClient(baseUrl, async client => {
          const { passages } = await ingestFiles(client, makeLibrary(quick ? 100 : 10_000), {
            respondAsync: false,
          });
          await askAll(client, questions.splice(0, counts.warmUp), 4);
          const cpuBefore = await cpuSeconds(pid);
          const one = await askAll(client, questions.splice(0, counts.one), 1);
          const many = await askAll(client, questions, MANY_CLIENTS);
          const cpuMs = (1000 * ((await cpuSeconds(pid)) - cpuBefore)) / (one.length + many.length);
          const found = [...one, ...many].filter(({ sources }) => sources > 0).length;
          const note = `on ${passages} passages; ${found} of ${counts.one + counts.many} questions with sources`;
          return [
            ...describe('1 client', one, { p50: 20, p95: 50 }, 'reference stack 24/39, best products 41/58'),
            ...describe(`${MANY_CLIENTS} clients`, many, { p50: 60, p95: 120 }, 'reference stack 463/1,262'),
            {
              name: 'processor time of a question',
              value: cpuMs,
              unit: 'ms',
              note: 'to the end of its answer',
            },
            { name: 'questions', value: one.length + many.length, unit: '', note },
          ];
        }),
      ),
    ),
  );
}

type Timing = { firstContentMs: number; sources: number };

/** Every client asks one question after the other. */
async function askAll(client: ApiClient, questions: string[], clients: number): Promise<Timing[]> {
  const timings: Timing[] = [];
  const askOneAfterTheOther = async (own: string[]) => {
    let sessionId = 0;
    for (const [index, question] of own.entries()) {
      if (index % QUESTIONS_PER_SESSION === 0) sessionId = await client.createSession();
      const { content, firstContentMs, sources, isRefused } = await client.ask(sessionId, question);
      const tokens = content.trim().split(' ').length;
      // What the check of the evidence refuses is written by no model.
      if (tokens !== TOKENS && !isRefused)
        throw new Error(`An answer of ${TOKENS} tokens came with ${tokens}: ${content}`);
      timings.push({ firstContentMs, sources });
    }
  };
  const shares = Array.from({ length: clients }, (_, client) =>
    questions.filter((_, index) => index % clients === client),
  );
  await Promise.all(shares.map(askOneAfterTheOther));
  return timings;
}

function describe(
  who: string,
  timings: Timing[],
  goals: { p50: number; p95: number },
  note: string,
): Measure[] {
  const times = timings.map(({ firstContentMs }) => firstContentMs);
  const value = (percent: number) => percentile(times, percent);
  return [
    { name: `${who} p50`, value: value(50), unit: 'ms', goal: { atMost: goals.p50 }, note },
    { name: `${who} p95`, value: value(95), unit: 'ms', goal: { atMost: goals.p95 }, note },
    { name: `${who} max`, value: value(100), unit: 'ms' },
  ];
}
