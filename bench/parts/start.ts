/** From starting the process to the first 200 of /readyz. */
import { median } from '../percentile.ts';
import type { Measure } from '../report.ts';
import { startServer, withFolder } from '../server-process.ts';
import type { Sizes } from './part.ts';

export async function measureStart({ quick }: Sizes): Promise<Measure[]> {
  const first: Start[] = [];
  const later: Start[] = [];
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

type Start = { seconds: number; cpuSeconds: number };

async function startOnce(folder: string): Promise<Start> {
  const server = await startServer({ folder });
  await server.stop();
  return { seconds: server.readyMs / 1000, cpuSeconds: server.readyCpuSeconds };
}

function describe(name: string, starts: Start[], atMost: number, comparison: string): Measure[] {
  const seconds = starts.map(start => start.seconds);
  const cpu = starts.map(start => start.cpuSeconds);
  return [
    {
      name,
      value: median(seconds),
      unit: 's',
      goal: { atMost },
      note: `median of ${list(seconds)}${comparison}`,
    },
    { name: `${name}, processor time`, value: median(cpu), unit: 's', note: `median of ${list(cpu)}` },
  ];
}

const list = (seconds: number[]) => seconds.map(value => value.toFixed(2)).join(', ');
