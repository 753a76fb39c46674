import type { ReportEntry } from '../../contract/evaluation.ts';

const columns: { title: string; cell(entry: ReportEntry): string }[] = [
  { title: 'set', cell: ({ set }) => set },
  { title: 'mode', cell: ({ mode }) => mode },
  { title: 'documents', cell: ({ documents }) => String(documents) },
  { title: 'queries', cell: ({ queries }) => String(queries) },
  { title: 'nDCG@10', cell: entry => withInterval(entry.ndcg10, entry.intervals.ndcg10) },
  ...['1', '3', '5', '10', '20'].map(cutoff => ({
    title: `R@${cutoff}`,
    cell: ({ recall }: ReportEntry) => oneDecimal(recall[cutoff] ?? null),
  })),
  { title: 'MRR@10', cell: ({ mrr10 }) => oneDecimal(mrr10) },
  { title: 'wanted text', cell: ({ wantedText5500 }) => oneDecimal(wantedText5500) },
  { title: 'refused (wrongly)', cell: formatRefusals },
  {
    title: 'p50/p95 ms',
    cell: ({ latencyMs }) => `${oneDecimal(latencyMs.p50)}/${oneDecimal(latencyMs.p95)}`,
  },
];

/** The report for a terminal; columns that no set has a figure for are left out. */
export function formatTable(entries: ReportEntry[]): string {
  const shown = columns
    .map(({ title, cell }) => ({ title, cells: entries.map(cell) }))
    .filter(({ cells }) => cells.some(cell => cell !== ''));
  const widths = shown.map(({ title, cells }) =>
    Math.max(title.length, ...cells.map(({ length }) => length)),
  );
  const line = (cellOf: (column: { title: string; cells: string[] }) => string) =>
    shown
      .map((column, index) =>
        index < 2 ? cellOf(column).padEnd(widths[index] ?? 0) : cellOf(column).padStart(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const rows = entries.map((_, row) => line(({ cells }) => cells[row] ?? ''));
  return [line(({ title }) => title), ...rows].join('\n');
}

function withInterval(value: number, interval: [number, number] | undefined): string {
  return interval
    ? `${oneDecimal(value)} [${oneDecimal(interval[0])}–${oneDecimal(interval[1])}]`
    : oneDecimal(value);
}

/** Empty when there is nothing to refuse and nothing was. */
function formatRefusals({ refusals, wrongRefusals }: ReportEntry): string {
  if (refusals === null && !wrongRefusals) return '';
  return `${oneDecimal(refusals) || '–'} (${oneDecimal(wrongRefusals) || '–'})`;
}

const oneDecimal = (value: number | null) => (value === null ? '' : value.toFixed(1));
