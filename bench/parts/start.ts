/** From starting the process to the first 200 of /readyz, and to the first 200 of the page. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { median } from '../percentile.ts';
import type { Measure } from '../report.ts';
import { repositoryRoot } from '../repository-root.ts';
import { startServer, withFolder } from '../server-process.ts';
import type { Sizes } from './part.ts';

const preparation = join(repositoryRoot, 'cli/prepare-first-start.ts');
/** Where `npm start` and the preparation of `npm ci` keep what V8 has compiled. */
const compileCache = { NODE_COMPILE_CACHE: join(repositoryRoot, 'node_modules/.cache/compiled') };
const POLL_MS = 20;
const PAGE_TIMEOUT_MS = 180_000;

export async function measureStart({ quick }: Sizes): Promise<Measure[]> {
  const first: Start[] = [];
  const later: Start[] = [];
  // As after `npm ci`, see docs/decisions/0038-first-start.md.
  await promisify(execFile)(process.execPath, ['--max-semi-space-size=8', preparation], {
    env: { ...process.env, ...compileCache },
  });
  for (let run = 0; run < (quick ? 1 : 3); run += 1)
    await withFolder(async folder => {
      first.push(await startOnce(folder));
      // Five in all, spread over the data folders.
      for (let again = 0; again < (run === 0 ? 1 : 2); again += 1) later.push(await startOnce(folder));
    });
  return [
    ...describe('first start', first, 4, '; best product 1.7–3.2'),
    ...describe('later start', later, 1.5, ''),
  ];
}

type Start = { seconds: number; cpuSeconds: number; pageSeconds: number };

async function startOnce(folder: string): Promise<Start> {
  const startedAt = performance.now();
  const server = await startServer({ folder, settings: compileCache });
  const pageSeconds = (await waitForPage(server.baseUrl, startedAt)) / 1000;
  await server.stop();
  return { seconds: server.readyMs / 1000, cpuSeconds: server.readyCpuSeconds, pageSeconds };
}

/** @returns how long it has taken, in milliseconds. */
async function waitForPage(url: string, startedAt: number): Promise<number> {
  for (;;) {
    const { status } = await fetch(url);
    const tookMs = performance.now() - startedAt;
    if (status === 200) return tookMs;
    if (tookMs > PAGE_TIMEOUT_MS) throw new Error(`The page is not there: status ${status}.`);
    await sleep(POLL_MS);
  }
}

function describe(name: string, starts: Start[], atMost: number, comparison: string): Measure[] {
  const figures = (read: (start: Start) => number) => {
    const values = starts.map(read);
    const note = `median of ${values.map(value => value.toFixed(2)).join(', ')}`;
    return { value: median(values), unit: 's', note };
  };
  const ready = figures(start => start.seconds);
  return [
    { ...ready, name, goal: { atMost }, note: `${ready.note}${comparison}` },
    { name: `${name}, processor time`, ...figures(start => start.cpuSeconds) },
    { name: `${name}, the page`, ...figures(start => start.pageSeconds) },
  ];
}
