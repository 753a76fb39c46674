import type { ReportEntry } from '../../contract/evaluation.ts';
import { type Fields, isFields, isNumber, readEntries } from './json-fields.ts';

type Interval = [number, number];

const isInterval = (value: unknown): value is Interval =>
  Array.isArray(value) && value.length === 2 && value.every(isNumber);

/** What `lectern evaluate --json` has saved; undefined for any other text. As the schema of the contract says. */
export const readReport = (text: string): ReportEntry[] | undefined => readEntries(text, toEntry);

function toEntry(entry: Fields): ReportEntry | undefined {
  const { set, mode, documents, queries, ndcg10, mrr10, latencyMs } = entry;
  if (typeof set !== 'string' || typeof mode !== 'string' || !isFields(latencyMs)) return undefined;
  const { p50, p95 } = latencyMs;
  const recall = valuesOf(entry.recall, isNumber);
  if (![documents, queries, ndcg10, mrr10, p50, p95].every(isNumber) || !recall) return undefined;
  return {
    set,
    mode,
    documents: Number(documents),
    queries: Number(queries),
    ndcg10: Number(ndcg10),
    mrr10: Number(mrr10),
    recall,
    latencyMs: { p50: Number(p50), p95: Number(p95) },
    wantedText5500: numberOrNull(entry.wantedText5500),
    refusals: numberOrNull(entry.refusals),
    wrongRefusals: numberOrNull(entry.wrongRefusals),
    intervals: valuesOf(entry.intervals, isInterval) ?? {},
    // For comparisons of the command line only, and most of the file.
    perQuery: {},
  };
}

const numberOrNull = (value: unknown) => (isNumber(value) ? value : null);

/** Undefined unless it is an object all of whose values are as wanted. */
function valuesOf<Value>(
  fields: unknown,
  isWanted: (value: unknown) => value is Value,
): Record<string, Value> | undefined {
  if (!isFields(fields)) return undefined;
  const wanted = Object.entries(fields).filter((entry): entry is [string, Value] => isWanted(entry[1]));
  return wanted.length === Object.keys(fields).length ? Object.fromEntries(wanted) : undefined;
}
