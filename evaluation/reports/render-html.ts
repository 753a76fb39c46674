import type { ReportEntry } from '../../contract/evaluation.ts';

const LABEL_WIDTH = 250;
const PLOT_WIDTH = 560;
const ROW_HEIGHT = 26;
const AXIS_HEIGHT = 30;

/** The report as one page that needs nothing else: a plot of nDCG@10 with its intervals, and all figures. */
export function renderHtml(entries: ReportEntry[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lectern evaluation</title>
<style>${style}</style>
<h1>How well the right passages are found</h1>
<p>nDCG@10 with its 95 % confidence interval, by data set and mode.</p>
${renderPlot(entries)}
${renderTable(entries)}
<p>Figures are 0–100, means over the questions; times are milliseconds for ten passages, one question at a time.</p>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --text: #1c1c1e; --muted: #65656b; --line: #d9d9de; --page: #fff;
  --hybrid: #1f6feb; --vector: #b35900; --lexical: #2b8a3e; }
@media (prefers-color-scheme: dark) { :root { --text: #ececf0; --muted: #a0a0a8; --line: #3a3a40; --page: #17171a;
  --hybrid: #6cb0ff; --vector: #f0a35e; --lexical: #72cf88; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
small { color: var(--muted); }
svg { max-width: 100%; height: auto; }
svg text { fill: var(--text); font: 13px system-ui, sans-serif; }
svg .axis { stroke: var(--line); }
svg .axis-label { fill: var(--muted); }
svg .hybrid { stroke: var(--hybrid); fill: var(--hybrid); }
svg .vector { stroke: var(--vector); fill: var(--vector); }
svg .lexical { stroke: var(--lexical); fill: var(--lexical); }
`;

function renderPlot(entries: ReportEntry[]): string {
  const height = entries.length * ROW_HEIGHT;
  const width = LABEL_WIDTH + PLOT_WIDTH + 60;
  const ticks = [0, 20, 40, 60, 80, 100].map(
    value =>
      `<line class="axis" x1="${toX(value)}" x2="${toX(value)}" y1="0" y2="${height}"/>` +
      `<text class="axis-label" x="${toX(value)}" y="${height + 20}" text-anchor="middle">${value}</text>`,
  );
  return `<svg role="img" aria-label="nDCG@10 by data set and mode" viewBox="0 0 ${width} ${height + AXIS_HEIGHT}" width="${width}">
${ticks.join('\n')}
${entries.map(renderRow).join('\n')}
</svg>`;
}

function renderRow({ set, mode, ndcg10, intervals }: ReportEntry, row: number): string {
  const y = row * ROW_HEIGHT + ROW_HEIGHT / 2;
  const [low, high] = intervals.ndcg10 ?? [ndcg10, ndcg10];
  const kind = ['hybrid', 'vector', 'lexical'].includes(mode) ? mode : 'hybrid';
  return (
    `<text x="${LABEL_WIDTH - 12}" y="${y + 4}" text-anchor="end">${escapeHtml(`${set}, ${mode}`)}</text>` +
    `<g class="${kind}"><line x1="${toX(low)}" x2="${toX(high)}" y1="${y}" y2="${y}" stroke-width="3"/>` +
    `<circle cx="${toX(ndcg10)}" cy="${y}" r="5"/></g>` +
    `<text x="${toX(high) + 10}" y="${y + 4}">${ndcg10.toFixed(1)}</text>`
  );
}

const toX = (value: number) => Math.round(10 * (LABEL_WIDTH + (value / 100) * PLOT_WIDTH)) / 10;

function renderTable(entries: ReportEntry[]): string {
  const cutoffs = Object.keys(entries[0]?.recall ?? {});
  const head = [
    'Set',
    'Mode',
    'Documents',
    'Questions',
    'nDCG@10',
    ...cutoffs.map(cutoff => `Recall@${cutoff}`),
    'MRR@10',
    'Wanted text in 5,500 characters',
    'Refused without an answer',
    'Refused with an answer',
    'p50 ms',
    'p95 ms',
  ];
  const rows = entries.map(entry => [
    escapeHtml(entry.set),
    escapeHtml(entry.mode),
    String(entry.documents),
    String(entry.queries),
    withInterval(entry.ndcg10, entry.intervals.ndcg10),
    ...cutoffs.map(cutoff => withInterval(entry.recall[cutoff] ?? null, entry.intervals[`recall${cutoff}`])),
    withInterval(entry.mrr10, entry.intervals.mrr10),
    withInterval(entry.wantedText5500, entry.intervals.wantedText5500),
    withInterval(entry.refusals, undefined),
    withInterval(entry.wrongRefusals, undefined),
    withInterval(entry.latencyMs.p50, undefined),
    withInterval(entry.latencyMs.p95, undefined),
  ]);
  const line = (cells: string[], tag: string) =>
    `<tr>${cells.map(cell => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<div class="scroll"><table>
${line(head, 'th')}
${rows.map(cells => line(cells, 'td')).join('\n')}
</table></div>`;
}

function withInterval(value: number | null, interval: [number, number] | undefined): string {
  if (value === null) return '–';
  const range = interval ? ` <small>${interval[0].toFixed(1)}–${interval[1].toFixed(1)}</small>` : '';
  return `${value.toFixed(1)}${range}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
