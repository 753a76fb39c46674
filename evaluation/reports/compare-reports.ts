import type { ReportEntry } from '../../contract/evaluation.ts';
import { bootstrapInterval } from '../figures/bootstrap.ts';
import { figuresOf } from '../figures/to-report-entry.ts';

type Regression = {
  set: string;
  mode: string;
  figure: string;
  before: number;
  now: number;
  /** What was compared with: the fall in every question, or the allowed points. */
  beyond: 'noise' | 'tolerance';
};

export type Comparison = {
  regressions: Regression[];
  /** How many sets and modes both have. */
  compared: number;
  /** Sets and modes of the report that the baseline does not have. */
  uncompared: string[];
};

/**
 * The figures that have fallen. Where the baseline holds the figures of the questions, a fall counts when the
 * 95 % interval of the mean difference, by a bootstrap over the questions that both have, lies wholly below
 * zero; else when it is larger than the tolerance.
 *
 * @param tolerance in points of 0–100.
 */
export function compareReports(
  now: ReportEntry[],
  baseline: ReportEntry[],
  { tolerance }: { tolerance: number },
): Comparison {
  const regressions: Regression[] = [];
  const uncompared: string[] = [];
  for (const entry of now) {
    const before = baseline.find(({ set, mode }) => set === entry.set && mode === entry.mode);
    if (!before) uncompared.push(`${entry.set} (${entry.mode})`);
    else regressions.push(...compareEntries(entry, before, tolerance));
  }
  return { regressions, compared: now.length - uncompared.length, uncompared };
}

function compareEntries(now: ReportEntry, before: ReportEntry, tolerance: number): Regression[] {
  const figures = figuresOf(now);
  return [...figuresOf(before)].flatMap(([figure, value]): Regression[] => {
    const current = figures.get(figure);
    if (current === undefined) return [];
    const differences = pairedDifferences(now, before, figure);
    const beyond = differences ? 'noise' : 'tolerance';
    const hasFallen = differences ? bootstrapInterval(differences)[1] < 0 : current < value - tolerance;
    const { set, mode } = now;
    return hasFallen ? [{ set, mode, figure, before: value, now: current, beyond }] : [];
  });
}

/** Undefined when the baseline does not hold this figure of the questions. */
function pairedDifferences(now: ReportEntry, before: ReportEntry, figure: string): number[] | undefined {
  const differences = Object.entries(before.perQuery).flatMap(([id, figures]) => {
    const earlier = figures[figure];
    const current = now.perQuery[id]?.[figure];
    return earlier === undefined || current === undefined ? [] : [current - earlier];
  });
  return differences.length > 0 ? differences : undefined;
}
