/** Ends the server with SIGKILL at random points of ingestions and compares what becomes of the documents. */
import { isDeepStrictEqual } from 'node:util';
import { ingestionSteps } from '../../server/documents/ingestion/ingestion-steps.ts';
import { readDocument, upload } from '../../tests/api-client.ts';
import { countComparable, readContents, rowsOfMany } from '../../tests/faults/document-contents.ts';
import { makeHandbook } from '../../tests/faults/handbook-page.ts';
import { createKillRig, findByContent, type KillRig, sendHandbook } from '../../tests/faults/kill-rig.ts';
import type { KillPoint } from '../../tests/faults/killable-lectern.ts';
import { waitUntil } from '../../tests/wait-until.ts';
import type { Measure } from '../report.ts';
import type { Sizes } from './part.ts';

const RUNS = 60;
/** Of the test's document. */
const BATCHES = 4;
const SETTLE_MS = 120_000;

type Outcome = { hit: string[]; ready: boolean };

export async function measureKills({ quick }: Sizes): Promise<Measure[]> {
  const runs = quick ? 6 : RUNS;
  const rig = await createKillRig(undefined);
  try {
    await sendHandbook(rig.lectern, 'undisturbed');
    await waitUntil('the first document is ready', () => isReady(rig, 1));
    const [undisturbed] = await rig.inspect(readContents);
    const rowsOfOne = await rig.inspect(countComparable);
    await rig.restart();

    const outcomes: Outcome[] = [];
    for (let run = 1; run <= runs; run += 1) {
      const outcome = await disturb(rig, run);
      outcomes.push(outcome);
      console.log(
        `${String(run).padStart(3)}  ${outcome.ready ? 'ready' : 'NOT READY'}  ${outcome.hit.join('; ')}`,
      );
    }

    const [, ...disturbed] = await rig.inspect(readContents);
    const equal = disturbed.filter(({ source, ...content }) =>
      isDeepStrictEqual({ ...content, source: undisturbed?.source }, { ...undisturbed }),
    );
    const orphans = countDifferences(await rig.inspect(countComparable), rowsOfMany(rowsOfOne, runs + 1));
    return describeOutcomes(outcomes, { equal: equal.length, documents: disturbed.length, orphans });
  } finally {
    await rig.close();
  }
}

/** Ingests the document, as a new one or in the place of another, with one or two kills within. */
async function disturb(rig: KillRig, run: number): Promise<Outcome> {
  const mark = `disturbed in run ${run}`;
  const isReplacement = Math.random() < 0.5;
  const replaced = isReplacement ? await upload(rig.lectern, `What run ${run} replaces.`) : undefined;
  const point = pickPoint(isReplacement);
  await rig.lectern.killAt(point);
  await Promise.all([rig.lectern.killed(), sendHandbook(rig.lectern, mark, replaced).catch(() => {})]);
  const hit = [`${isReplacement ? 'replacement' : 'upload'} at ${describePoint(point)}`];

  if (Math.random() < 0.5) {
    const second = pickPoint(isReplacement);
    await rig.restart(second);
    // What was done before the first kill is not done again: the second point may not come any more.
    await waitUntil(
      'it ends or is ready',
      async () => rig.lectern.hasEnded() || (await isWhole(rig, mark)),
      SETTLE_MS,
    );
    if (rig.lectern.hasEnded()) hit.push(describePoint(second));
  }
  await rig.restart();
  const ready = await waitUntil('it is ready', () => isWhole(rig, mark), SETTLE_MS).catch(() => false);
  return { hit, ready };
}

function pickPoint(isReplacement: boolean): KillPoint {
  const steps = ingestionSteps.filter(step => isReplacement || step !== 'past-version-purged');
  const step = steps[Math.floor(Math.random() * steps.length)] ?? 'job-leased';
  const pass = step.startsWith('batch-') ? 1 + Math.floor(Math.random() * BATCHES) : 1;
  return { step, pass };
}

const describePoint = ({ step, pass }: KillPoint) => `${step} ${pass}`;

/** Whether the one document with the handbook's bytes is there, published and nothing else. */
async function isWhole(rig: KillRig, mark: string): Promise<boolean> {
  try {
    const [id, ...others] = await findByContent(rig.lectern, makeHandbook(mark));
    return id !== undefined && others.length === 0 && (await isReady(rig, id));
  } catch {
    return false; // It is being killed.
  }
}

async function isReady(rig: KillRig, id: number): Promise<boolean> {
  const { state, replacement } = await readDocument(rig.lectern, id);
  return state === 'ready' && replacement === null;
}

function countDifferences(actual: Record<string, number>, expected: Record<string, number>): number {
  const tables = Object.keys({ ...actual, ...expected });
  return tables.reduce((sum, table) => sum + Math.abs((actual[table] ?? 0) - (expected[table] ?? 0)), 0);
}

type Verdict = { equal: number; documents: number; orphans: number };

function describeOutcomes(outcomes: Outcome[], { equal, documents, orphans }: Verdict): Measure[] {
  const hits = outcomes.flatMap(({ hit }) => hit);
  const points = new Set(hits.map(hit => hit.replace(/^.* at /, '').replace(/ \d+$/, '')));
  const runs = outcomes.length;
  const complete = outcomes.filter(({ ready }) => ready).length;
  return [
    { name: 'runs', value: runs, unit: 'documents', note: `${documents} are there` },
    { name: 'kills', value: hits.length, unit: 'kills' },
    {
      name: 'named points hit',
      value: points.size,
      unit: `of ${ingestionSteps.length}`,
      note: [...points].join(', '),
    },
    { name: 'complete', value: complete, unit: 'documents', goal: { atLeast: runs } },
    { name: 'equal to one undisturbed', value: equal, unit: 'documents', goal: { atLeast: runs } },
    {
      name: 'orphans',
      value: orphans,
      unit: 'rows',
      goal: { atMost: 0 },
      note: 'rows per table, against one document times all',
    },
  ];
}
