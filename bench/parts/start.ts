/** From starting the process to the first 200 of /readyz. */
import { median } from '../percentile.ts';
import type { Measure } from '../report.ts';
import { startServer, withFolder } from '../server-process.ts';
import type { Sizes } from './part.ts';

export async function measureStart({ quick }: Sizes): Promise<Measure[]> {
  const first: number[] = [];
  const later: number[] = [];
  for (let run = 0; run < (quick ? 1 : 3); run += 1)
    await withFolder(async folder => {
      first.push(await startOnce(folder));
      // Five in all, spread over the data folders.
      for (let again = 0; again < (run === 0 ? 1 : 2); again += 1) later.push(await startOnce(folder));
    });
  return [
    {
      name: 'first start',
      value: median(first),
      unit: 's',
      goal: { atMost: 4 },
      note: `median of ${list(first)}; best product 1.7–3.2`,
    },
    {
      name: 'later start',
      value: median(later),
      unit: 's',
      goal: { atMost: 1.5 },
      note: `median of ${list(later)}`,
    },
  ];
}

/** In seconds. */
async function startOnce(folder: string): Promise<number> {
  const server = await startServer({ folder });
  await server.stop();
  return server.readyMs / 1000;
}

const list = (seconds: number[]) => seconds.map(value => value.toFixed(2)).join(', ');
