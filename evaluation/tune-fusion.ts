/**
 * Chooses the weights of the fusion on data sets: `node evaluation/tune-fusion.ts DIR… --data-dir FOLDER`, where
 * FOLDER may hold what `lectern evaluate` has ingested. Every question is searched once; the ranking under other
 * weights is computed from the parts of each passage's score. Prints what each weight brings, the best weights
 * when each set is left out in turn, and how the weights in use compare (docs/retrieval.md has the result).
 */
import { parseArgs } from 'node:util';
import { readConfig } from '../server/config.ts';
import { createLogger } from '../server/logger.ts';
import { defaultWeights, type FusionWeights } from '../server/retrieval/fuse-scores.ts';
import { readDataSet } from './data-sets/read-data-set.ts';
import { openMeasuringFolder } from './measuring/open-measuring-app.ts';
import { collectScores, type ScoredSet } from './tuning/collect-scores.ts';
import { meanNdcg } from './tuning/rank-with-weights.ts';

/** What is tried of each weight; all combinations. */
const grid = {
  window: [0, 0.3, 0.5],
  subwords: [0, 0.25, 0.5],
  cosine: [0.5, 0.55, 0.6, 0.65, 0.7],
  foreignCosine: [0.25, 0.35, 0.45],
  name: [0, 0.05, 0.1],
};
type Weight = keyof typeof grid;
const names = Object.keys(grid) as Weight[];

const print = (line = '') => process.stdout.write(`${line}\n`);
const shown = (value: number) => (100 * value).toFixed(2).padStart(6);
const describe = (weights: FusionWeights) => names.map(name => `${name} ${weights[name]}`).join(', ');

type Options = { dataDir: string | undefined; mostQuestions: number };

async function tune(folders: string[], { dataDir, mostQuestions }: Options): Promise<void> {
  const sets: ScoredSet[] = [];
  const folder = await openMeasuringFolder(dataDir);
  try {
    for (const path of folders)
      sets.push(
        await collectScores(await readDataSet(path), {
          config: readConfig(),
          logger: createLogger({ level: 'error', readable: true }),
          folder,
          mostQuestions,
        }),
      );
  } finally {
    await folder.close();
  }
  print(`Mean nDCG@10 of ${sets.length} sets, up to ${mostQuestions} questions of each.\n`);
  const tried = tryAll(sets);
  describeEach(sets, tried);
  describeLeftOut(sets, tried);
  checkBounds(sets);
}

type Trial = { weights: FusionWeights; bySet: number[] };

const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const best = (trials: Trial[], of: (trial: Trial) => number) =>
  trials.reduce((a, b) => (of(b) > of(a) ? b : a));

function tryAll(sets: ScoredSet[]): Trial[] {
  return combinations().map(weights => ({ weights, bySet: sets.map(set => meanNdcg(set, weights)) }));
}

function combinations(): FusionWeights[] {
  return names.reduce<FusionWeights[]>(
    (made, name) => made.flatMap(weights => grid[name].map(value => ({ ...weights, [name]: value }))),
    [defaultWeights],
  );
}

/** Each weight alone changed from those in use, and the best of all combinations. */
function describeEach(sets: ScoredSet[], tried: Trial[]): void {
  print(`${''.padEnd(24)}  mean  ${sets.map(({ name }) => name.slice(0, 9).padStart(9)).join(' ')}`);
  const line = (title: string, weights: FusionWeights) => {
    const bySet = sets.map(set => meanNdcg(set, weights));
    print(
      `${title.padEnd(24)}${shown(mean(bySet))}  ${bySet.map(value => shown(value).padStart(9)).join(' ')}`,
    );
  };
  line('in use', defaultWeights);
  for (const name of names)
    for (const value of grid[name]) line(`${name} ${value}`, { ...defaultWeights, [name]: value });
  const top = best(tried, ({ bySet }) => mean(bySet));
  line('best of all', top.weights);
  print(`best of all: ${describe(top.weights)}\n`);
}

/** Weights chosen without a set, and what they bring on it: what a set that nobody has seen may expect. */
function describeLeftOut(sets: ScoredSet[], tried: Trial[]): void {
  print('Weights chosen on the other sets, and how they do on the one left out, against those in use:');
  for (const [index, set] of sets.entries()) {
    const chosen = best(tried, ({ bySet }) => mean(bySet.filter((_, at) => at !== index)));
    const inUse = meanNdcg(set, defaultWeights);
    print(
      `${set.name.padEnd(18)}${shown(chosen.bySet[index] ?? 0)} against ${shown(inUse)}  ${describe(chosen.weights)}`,
    );
  }
  print();
}

/** The fused list is not to be worse than the better of the two that it is made from by more than half a point. */
function checkBounds(sets: ScoredSet[]): void {
  print('The weights in use against each list alone:');
  for (const set of sets) {
    const fused = meanNdcg(set, defaultWeights);
    const words = meanNdcg(set, { ...defaultWeights, cosine: 0, foreignCosine: 0, name: 0 });
    const vectors = meanNdcg(set, { ...defaultWeights, cosine: 1, foreignCosine: 1, name: 0 });
    const verdict = fused < Math.max(words, vectors) - 0.005 ? '  WORSE' : '';
    print(
      `${set.name.padEnd(18)}${shown(fused)}, words ${shown(words)}, vectors ${shown(vectors)}${verdict}`,
    );
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'data-dir': { type: 'string' }, most: { type: 'string', default: '300' } },
});
if (positionals.length === 0)
  throw new Error('usage: node evaluation/tune-fusion.ts DIR… [--data-dir FOLDER] [--most QUESTIONS]');
await tune(positionals, { dataDir: values['data-dir'], mostQuestions: Number(values.most) });
