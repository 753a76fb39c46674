import type { BulkResult } from '../../../contract/administration/lists.ts';

/** Of very many, so many are named. */
const MOST_NAMED = 20;

/** What could not be done, by the reason. */
export type Failures = readonly {
  code: string | null;
  message: string | null;
  count: number;
  /** The first of them. */
  ids: readonly number[];
}[];

export const noFailures: Failures = [];

export const countFailures = (failures: Failures) => failures.reduce((sum, { count }) => sum + count, 0);

/** With those of the results that failed. */
export function addFailures(failures: Failures, results: BulkResult['results']): Failures {
  const byReason = new Map(failures.map(failure => [reasonOf(failure), failure]));
  for (const { id, outcome, code, message } of results) {
    if (outcome !== 'failed') continue;
    const before = byReason.get(reasonOf({ code, message }));
    byReason.set(reasonOf({ code, message }), {
      code,
      message,
      count: (before?.count ?? 0) + 1,
      ids: [...(before?.ids ?? []), id].slice(0, MOST_NAMED),
    });
  }
  return [...byReason.values()];
}

const reasonOf = ({ code, message }: { code: string | null; message: string | null }) => `${code} ${message}`;
