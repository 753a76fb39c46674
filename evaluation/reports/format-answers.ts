import type { AnswersEntry } from '../answers/answers-report.ts';
import { wrongRefusalsRead } from '../answers/to-answers-entry.ts';

/** What quotes answer and what is refused, for a terminal: a line a set. */
export function formatAnswers(entries: AnswersEntry[]): string {
  const rows = [
    [
      'set',
      'with answer',
      'without',
      'in best 1 / 2 / 3',
      'in quotes',
      'words',
      'AUC',
      `refused at ${wrongRefusalsRead.join(' / ')} % wrong`,
      'refused (wrongly)',
      'wrong answers',
    ],
    ...entries.map(entry => [
      entry.set,
      String(entry.answerable),
      `${entry.unanswerable}${entry.isHeldOut ? ' held out' : ''}`,
      entry.inSentences.map(oneDecimal).join(' / '),
      oneDecimal(entry.inQuotes),
      entry.words.toFixed(0),
      entry.auc.toFixed(3),
      wrongRefusalsRead.map(most => oneDecimal(entry.refusedAt[most] ?? 0)).join(' / '),
      `${oneDecimal(entry.refused)} (${oneDecimal(entry.wronglyRefused)})`,
      oneDecimal(entry.wrongAnswers),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

const oneDecimal = (value: number) => value.toFixed(1);
