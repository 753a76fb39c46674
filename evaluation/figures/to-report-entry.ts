import type { ReportEntry } from '../../contract/evaluation.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { percentile } from './percentile.ts';
import type { QuestionFigures } from './score-question.ts';

export type Measured = {
  set: string;
  mode: string;
  documents: number;
  /** By question id. */
  questions: Map<string, QuestionFigures>;
  /** Whether anything found was evidence: of questions with and of those without an answer. */
  answered: { answerable: boolean[]; unanswerable: boolean[] };
  latenciesMs: number[];
};

/** Means, intervals and percentiles of what was measured. */
export function toReportEntry({
  set,
  mode,
  documents,
  questions,
  answered,
  latenciesMs,
}: Measured): ReportEntry {
  const all = [...questions.values()];
  const names = Object.keys(all[0] ?? {});
  const valuesOf = (name: string) => all.map(figures => 100 * (figures[name] ?? 0));
  const means = new Map(names.map(name => [name, round(mean(valuesOf(name)))]));
  const recalls = names.filter(name => name.startsWith('recall'));
  return {
    set,
    mode,
    documents,
    queries: questions.size,
    ndcg10: means.get('ndcg10') ?? 0,
    recall: Object.fromEntries(recalls.map(name => [name.slice('recall'.length), means.get(name) ?? 0])),
    mrr10: means.get('mrr10') ?? 0,
    wantedText5500: means.get('wantedText5500') ?? null,
    refusals: shareRefused(answered.unanswerable),
    wrongRefusals: shareRefused(answered.answerable),
    latencyMs: { p50: round(percentile(latenciesMs, 50)), p95: round(percentile(latenciesMs, 95)) },
    intervals: Object.fromEntries(
      names.map(name => {
        const [low, high] = bootstrapInterval(valuesOf(name));
        return [name, [round(low), round(high)]];
      }),
    ),
    perQuery: Object.fromEntries(
      [...questions].map(([id, figures]) => [
        id,
        Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(100 * value)])),
      ]),
    ),
  };
}

function shareRefused(answered: boolean[]): number | null {
  if (answered.length === 0) return null;
  return round((100 * answered.filter(one => !one).length) / answered.length);
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const round = (value: number) => Math.round(100 * value) / 100;

/** The figures of an entry by their names in `intervals` and `perQuery`. */
export function figuresOf(entry: ReportEntry): Map<string, number> {
  const { ndcg10, mrr10, wantedText5500 } = entry;
  return new Map([
    ['ndcg10', ndcg10],
    ...Object.entries(entry.recall).map(([cutoff, value]): [string, number] => [`recall${cutoff}`, value]),
    ['mrr10', mrr10],
    ...(wantedText5500 === null ? [] : ([['wantedText5500', wantedText5500]] as [string, number][])),
  ]);
}
