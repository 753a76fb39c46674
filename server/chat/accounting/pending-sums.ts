import type { Cost } from '../../../contract/usage.ts';

type Sums = {
  calls: number;
  estimatedCalls: number;
  promptTokens: number;
  completionTokens: number;
  cost: Cost | null;
};

/** Sums that wait to be saved, one for each key. */
export class PendingSums<Row extends Sums> {
  readonly #keyOf: (row: Row) => (string | number)[];
  #rows = new Map<string, Row>();

  constructor(keyOf: (row: Row) => (string | number)[]) {
    this.#keyOf = keyOf;
  }

  add(row: Row): void {
    const key = this.#keyOf(row).join(' ');
    const before = this.#rows.get(key);
    this.#rows.set(key, before ? sum(before, row) : row);
  }

  /** All of them, which then wait no more. */
  take(): Row[] {
    const rows = [...this.#rows.values()];
    this.#rows = new Map();
    return rows;
  }
}

function sum<Row extends Sums>(one: Row, other: Row): Row {
  return {
    ...one,
    calls: one.calls + other.calls,
    estimatedCalls: one.estimatedCalls + other.estimatedCalls,
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
    cost: one.cost && other.cost ? { ...one.cost, amount: one.cost.amount + other.cost.amount } : one.cost,
  };
}
