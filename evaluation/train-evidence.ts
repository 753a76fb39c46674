/**
 * Trains the check of the evidence: `node evaluation/train-evidence.ts REPORT.json…`, where the reports are what
 * `lectern evaluate DIR --answers --json` saved. Every set counts the same. Prints how well a model trained on half
 * of the questions does on the other half of each set, and on sets that it has not seen; then writes the model trained
 * on all to server/chat/refusing/evidence-weights.ts (docs/quotes.md has the figures).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { EvidenceSigns } from '../server/chat/refusing/evidence-signs.ts';
import { type AnswersEntry, answersReport } from './answers/answers-report.ts';
import { type Example, type Fitted, fitLogistic } from './answers/fit-logistic.ts';
import { refusalCurve, refusedAt, thresholdAt } from './answers/refusal-curve.ts';

/** Wrong refusals: of a refusal without a language model asked, of one in quotes mode; and of doubt. */
const shares = { missingBelow: 0.01, thinBelow: 0.06, doubtfulBelow: 0.3 };

const names = [
  'passageCosine',
  'sentenceCosine',
  'coverage',
  'passageCoverage',
  'terms',
  'negation',
] satisfies (keyof EvidenceSigns)[];

type Asked = { isAnswered: boolean; signs: Record<string, number> };
type Part = { name: string; questions: Asked[] };

const print = (line: string) => process.stdout.write(`${line}\n`);

function partsOf(entries: AnswersEntry[], kind: 'signs' | 'quickSigns'): Part[] {
  return entries.map(({ set, questions }) => ({
    name: set,
    questions: questions.map(question => ({ isAnswered: question.answerable, signs: question[kind] })),
  }));
}

/** Every set has the same weight, and in it both kinds of questions. */
function examplesOf(parts: Part[]): Example[] {
  return parts.flatMap(({ questions }) =>
    questions.map(question => ({
      ...question,
      weight: 1 / questions.filter(({ isAnswered }) => isAnswered === question.isAnswered).length,
    })),
  );
}

const every = (parts: Part[], rest: number): Part[] =>
  parts.map(part => ({ ...part, questions: part.questions.filter((_, index) => index % 2 === rest) }));

const train = (parts: Part[]) => fitLogistic(examplesOf(parts), names);

function probabilities({ questions }: Part, { bias, weights }: Fitted) {
  const of = (isAnswered: boolean) =>
    questions
      .filter(question => question.isAnswered === isAnswered)
      .map(({ signs }) => {
        const sum = names.reduce((all, name) => all + (weights[name] ?? 0) * (signs[name] ?? 0), bias);
        return 1 / (1 + Math.exp(-sum));
      });
  return { answerable: of(true), unanswerable: of(false) };
}

function describe(title: string, part: Part, fitted: Fitted): void {
  const { answerable, unanswerable } = probabilities(part, fitted);
  const curve = refusalCurve(answerable, unanswerable);
  const refused = [0.02, 0.05, 0.08, 0.12].map(
    share => `${100 * share} %: ${(100 * refusedAt(curve, share)).toFixed(0)}`,
  );
  print(
    `${title.padEnd(12)}${part.name.padEnd(14)}AUC ${curve.auc.toFixed(3)}  refused at ${refused.join(', ')}`,
  );
}

function trainKind(title: string, entries: AnswersEntry[], kind: 'signs' | 'quickSigns') {
  const parts = partsOf(entries, kind);
  print(`\n${title}, ${kind}`);
  const half = train(every(parts, 0));
  for (const part of every(parts, 1)) describe('other half', part, half);
  for (const part of parts.length > 1 ? parts : [])
    describe('unseen', part, train(parts.filter(other => other !== part)));
  const fitted = train(parts);
  const threshold = (share: number) =>
    // Of the set where it is lowest: in no set are more refused.
    Math.min(...parts.map(part => thresholdAt(probabilities(part, fitted).answerable, share)));
  const round = (value: number) => Number(value.toFixed(4));
  return {
    bias: round(fitted.bias),
    weights: Object.fromEntries(names.map(name => [name, round(fitted.weights[name] ?? 0)])),
    ...Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, round(threshold(share))])),
  };
}

const entries: AnswersEntry[] = [];
for (const path of process.argv.slice(2))
  entries.push(...answersReport.parse(JSON.parse(await readFile(path, 'utf8'))));
if (entries.length === 0) throw new Error('usage: node evaluation/train-evidence.ts REPORT.json…');
const trained = Object.fromEntries(
  [true, false].map(isRead => {
    const own = entries.filter(entry => entry.isRead === isRead);
    const title = isRead ? 'read' : 'foreign';
    return [title, { embedded: trainKind(title, own, 'signs'), quick: trainKind(title, own, 'quickSigns') }];
  }),
);
const path = fileURLToPath(new URL('../server/chat/refusing/evidence-weights.ts', import.meta.url));
const before = (await readFile(path, 'utf8')).split('export const evidenceWeights')[0] ?? '';
const type = "Record<'read' | 'foreign', Record<'embedded' | 'quick', EvidenceWeights>>";
await writeFile(
  path,
  `${before}export const evidenceWeights: ${type} = ${JSON.stringify(trained, undefined, 2)};\n`,
);
print(`\n${path} is written; run biome over it.`);
