import type { ReportEntry } from '../../contract/evaluation.ts';

type Fields = Record<string, unknown>;
type Interval = [number, number];

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isInterval = (value: unknown): value is Interval =>
  Array.isArray(value) && value.length === 2 && value.every(isNumber);

/**
 * What `lectern evaluate --json` has saved; undefined for any other text. By hand, as the schema of the contract says:
 * checking with zod would load more than all of this view.
 */
export function readReport(text: string): ReportEntry[] | undefined {
  const entries = parse(text);
  if (!Array.isArray(entries) || entries.length === 0) return undefined;
  const read = entries.map(toEntry);
  return read.every(entry => entry !== undefined) ? read : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toEntry(entry: unknown): ReportEntry | undefined {
  if (!isFields(entry)) return undefined;
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
