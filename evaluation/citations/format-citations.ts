import { type CaseKind, caseKinds } from './citation-case.ts';
import type { CitationFigures } from './measure-citations.ts';

const titles = [
  'set',
  'half',
  'compared by',
  'precision',
  'recall',
  'right quotes',
  ...caseKinds,
  'ms/claim',
];

/** For a terminal: the last columns say how many cases of each kind are verified, in per cent. */
export function formatCitations(figures: CitationFigures[]): string {
  const rows = [titles, ...figures.map(cellsOf)];
  const widths = titles.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  const isText = (column: number) => column < 3;
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf({
  set,
  half,
  evidence,
  precision,
  recall,
  rightQuotes,
  kinds,
  msPerClaim,
}: CitationFigures) {
  const withInterval = ({ value, interval }: CitationFigures['precision']) =>
    `${value.toFixed(1)} [${interval[0].toFixed(1)}–${interval[1].toFixed(1)}]`;
  const ofKind = (kind: CaseKind) => {
    const found = kinds[kind];
    return found ? `${found.verified.toFixed(1)} of ${found.count}` : '';
  };
  return [
    set,
    half,
    evidence,
    withInterval(precision),
    withInterval(recall),
    rightQuotes.toFixed(1),
    ...caseKinds.map(ofKind),
    msPerClaim.toFixed(2),
  ];
}
