/** Resident memory: idle, at the peak of a large ingestion, and after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../api-client.ts';
import { ingestFiles } from '../ingest-files.ts';
import { highWaterMb, peakWhile, resetHighWater, residentMb } from '../process-usage.ts';
import type { Measure } from '../report.ts';
import { type ServerProcess, withFolder, withServer } from '../server-process.ts';
import { makeFiles, makeLibrary } from '../texts.ts';
import type { Part, Sizes } from './part.ts';

/** Just under the 5 MiB that a text may have. */
const FILE_MB = 5;

export const measureMemory: Part = async sizes =>
  withFolder(async folder => [
    ...(await withServer({ folder }, server => measureFirstStart(server, sizes))),
    ...(await withServer({ folder }, server => measureLaterStart(server, sizes))),
  ]);

async function measureFirstStart({ pid, baseUrl }: ServerProcess, { quick }: Sizes): Promise<Measure[]> {
  await sleep(quick ? 2_000 : 20_000);
  const idleMb = await residentMb(pid);
  await withClient(baseUrl, client =>
    ingestFiles(client, makeLibrary(quick ? 100 : 1000), { respondAsync: false }),
  );
  return [{ name: 'idle, first start', value: idleMb, unit: 'MB' }];
}

async function measureLaterStart(server: ServerProcess, { quick, ingestMb }: Sizes): Promise<Measure[]> {
  const { pid, baseUrl, readyMs } = server;
  await sleep(quick ? 2_000 : 20_000);
  const idleMb = await residentMb(pid);
  const startMb = await highWaterMb(pid);
  await resetHighWater(pid);
  // The texts of the library are in the files too, but the files differ.
  const files = makeFiles(...sizesOf({ quick, ingestMb }), { joined: 5 });
  const ingestion = withClient(baseUrl, client =>
    ingestFiles(client, files, { respondAsync: true, pollMs: 1_000 }),
  );
  const { result: ingested, peakMb } = await peakWhile(pid, ingestion);
  const highestMb = await highWaterMb(pid);
  await sleep(quick ? 2_000 : 60_000);
  const afterMb = await residentMb(pid);
  const sizeMb = ingested.sizeBytes / 1e6;
  const note = `${sizeMb.toFixed(1)} MB in ${files.length} files, ${ingested.passages} passages`;
  return [
    { name: 'start with 1,000 passages', value: readyMs / 1000, unit: 's' },
    {
      name: 'idle, later start',
      value: idleMb,
      unit: 'MB',
      goal: { atMost: 400 },
      note: 'best product 445, reference stack 1,930',
    },
    { name: 'VmHWM of the start', value: startMb, unit: 'MB' },
    { name: 'peak while ingesting', value: peakMb, unit: 'MB', goal: { atMost: 900 }, note },
    { name: 'VmHWM while ingesting', value: highestMb, unit: 'MB', goal: { atMost: 900 } },
    { name: '60 s after ingesting', value: afterMb, unit: 'MB' },
    {
      name: 'large ingestion',
      value: sizeMb / ingested.seconds,
      unit: 'MB/s',
      note: `${ingested.seconds.toFixed(0)} s`,
    },
    { name: 'large ingestion, passages', value: ingested.passages / ingested.seconds, unit: 'passages/s' },
  ];
}

/** How many files of how many bytes. */
function sizesOf({ quick, ingestMb }: Sizes): [number, number] {
  if (quick) return [2, 100_000];
  return [Math.ceil(ingestMb / FILE_MB), 1e6 * Math.min(FILE_MB, ingestMb)];
}
