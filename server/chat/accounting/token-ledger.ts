import type { CallPurpose } from '../../../contract/usage.ts';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';
import { addSessionCalls, type SessionCalls } from '../../sessions/session-usage.ts';
import type { MeteredCall } from './meter-model.ts';
import { PendingSums } from './pending-sums.ts';
import { costOf, type Prices } from './prices.ts';
import { addTokenUsage, type DayOfModel, readTokensOfDay } from './token-usage-store.ts';

/** Calls that end soon after each other are saved in one statement. A crash loses no more than this. */
const SAVE_AFTER_MS = 500;
const RETRY_AFTER_MS = 5_000;

type Options = { db: Db; prices: Prices; logger: Logger };

/** What a call was for that wrote no answer: the usage of those stands with their messages. */
export type Beside = { sessionId: number; purpose: CallPurpose };

/** What the language models take, call by call, summed up by workspace, day and model, and beside answers by session. */
export class TokenLedger {
  readonly #options: Options;
  readonly #days = new PendingSums<DayOfModel>(row => [row.workspaceId, row.day, row.model]);
  readonly #sessions = new PendingSums<SessionCalls>(row => [
    row.workspaceId,
    row.sessionId,
    row.purpose,
    row.model,
  ]);
  #saving: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  record(workspaceId: number, { isEstimated, ...call }: MeteredCall, beside?: Beside): void {
    const cost = costOf(this.#options.prices, call.model, call);
    const row = { workspaceId, ...call, calls: 1, estimatedCalls: isEstimated ? 1 : 0, cost };
    this.#days.add({ ...row, day: today() });
    if (beside) this.#sessions.add({ ...row, ...beside });
    this.#saveAfter(SAVE_AFTER_MS);
  }

  /** Of this day in UTC: what all processes have saved, and what this one has not saved yet. */
  async usedToday(workspaceId: number): Promise<number> {
    await this.save();
    return readTokensOfDay(forWorkspace(this.#options.db, workspaceId), workspaceId, today());
  }

  /** Saves what there is. Never rejects: what could not be saved is tried again later. */
  save(): Promise<void> {
    const { db } = this.#options;
    this.#saving = this.#saving.then(async () => {
      await this.#saveSums(this.#days, rows => addTokenUsage(db, rows));
      await this.#saveSums(this.#sessions, rows => addSessionCalls(db, rows));
    });
    return this.#saving;
  }

  async close(): Promise<void> {
    await this.save();
    clearTimeout(this.#timer);
  }

  async #saveSums<Row extends DayOfModel | SessionCalls>(
    sums: PendingSums<Row>,
    save: (rows: Row[]) => Promise<void>,
  ): Promise<void> {
    const rows = sums.take();
    if (rows.length === 0) return;
    try {
      await save(rows);
    } catch (error) {
      for (const row of rows) sums.add(row);
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
}

const today = () => new Date().toISOString().slice(0, 10);
