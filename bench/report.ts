/** What a bench measured, and how it is told: a table for people, JSON for comparisons over time. */

/** `atMost` for times and memory, `atLeast` for rates. */
type Goal = { atMost: number } | { atLeast: number };

export type Measure = {
  name: string;
  value: number;
  /** MB is 10^6 bytes. */
  unit: string;
  goal?: Goal;
  /** What the value is to be compared with or was measured on. */
  note?: string;
};

export type PartReport = {
  part: string;
  seconds: number;
  /** Load averages over 1, 5 and 15 minutes; other work on the machine shows in the first one. */
  loadBefore: number[];
  loadAfter: number[];
  measures: Measure[];
  /** The part did not come to its end. */
  error?: string;
};

export function isMet({ value, goal }: Measure): boolean | undefined {
  if (!goal) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

export function formatTable(reports: PartReport[]): string {
  const header = ['measure', 'value', 'goal', 'met', 'note'];
  const rows = reports.flatMap(({ part, measures, error }) => [
    ...measures.map(measure => [
      `${part}: ${measure.name}`,
      `${formatNumber(measure.value)} ${measure.unit}`.trim(),
      formatGoal(measure.goal),
      { true: 'yes', false: 'NO', undefined: '' }[String(isMet(measure))] ?? '',
      measure.note ?? '',
    ]),
    ...(error === undefined ? [] : [[`${part}: FAILED`, '', '', 'NO', error.split('\n')[0] ?? '']]),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map(row => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd();
  return [line(header), widths.map(width => '-'.repeat(width)).join('-|-'), ...rows.map(line)].join('\n');
}

function formatGoal(goal: Goal | undefined): string {
  if (!goal) return '';
  return 'atMost' in goal ? `<= ${formatNumber(goal.atMost)}` : `>= ${formatNumber(goal.atLeast)}`;
}

function formatNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
