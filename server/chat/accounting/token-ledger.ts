import type { Db } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';
import type { MeteredCall } from './meter-model.ts';
import { costOf, type Prices } from './prices.ts';
import { addTokenUsage, type DayOfModel, readTokensOfDay } from './token-usage-store.ts';

/** Calls that end soon after each other are saved in one statement. A crash loses no more than this. */
const SAVE_AFTER_MS = 500;
const RETRY_AFTER_MS = 5_000;

type Options = { db: Db; prices: Prices; logger: Logger };

/** What the language models take, call by call, summed up by workspace, day and model. */
export class TokenLedger {
  readonly #options: Options;
  #pending = new Map<string, DayOfModel>();
  #saving: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  record(workspaceId: number, { model, isEstimated, ...tokens }: MeteredCall): void {
    const cost = costOf(this.#options.prices, model, tokens);
    this.#add({
      workspaceId,
      day: today(),
      model,
      calls: 1,
      estimatedCalls: isEstimated ? 1 : 0,
      ...tokens,
      cost,
    });
    this.#saveAfter(SAVE_AFTER_MS);
  }

  /** Of this day in UTC: what all processes have saved, and what this one has not saved yet. */
  async usedToday(workspaceId: number): Promise<number> {
    await this.save();
    return readTokensOfDay(this.#options.db, workspaceId, today());
  }

  /** Saves what there is. Never rejects: what could not be saved is tried again later. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#savePending());
    return this.#saving;
  }

  async close(): Promise<void> {
    await this.save();
    clearTimeout(this.#timer);
  }

  async #savePending(): Promise<void> {
    if (this.#pending.size === 0) return;
    const rows = [...this.#pending.values()];
    this.#pending = new Map();
    try {
      await addTokenUsage(this.#options.db, rows);
    } catch (error) {
      for (const row of rows) this.#add(row);
      this.#saveAfter(RETRY_AFTER_MS);
      this.#options.logger.warn({ err: error }, 'the tokens that were used could not be saved yet');
    }
  }

  #saveAfter(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.save();
    }, delayMs);
  }

  #add(row: DayOfModel): void {
    const key = `${row.workspaceId} ${row.day} ${row.model}`;
    const before = this.#pending.get(key);
    this.#pending.set(key, before ? sum(before, row) : row);
  }
}

const today = () => new Date().toISOString().slice(0, 10);

function sum(one: DayOfModel, other: DayOfModel): DayOfModel {
  return {
    ...one,
    calls: one.calls + other.calls,
    estimatedCalls: one.estimatedCalls + other.estimatedCalls,
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
    cost: one.cost && other.cost ? { ...one.cost, amount: one.cost.amount + other.cost.amount } : one.cost,
  };
}
