import { LRUCache } from 'lru-cache';
import type { Logger } from '../logger.ts';
import type { Spent, Total } from './spending-store.ts';

export type LimitName = 'requests' | 'uploads' | 'tokens';
/** So much in each window; windows begin at multiples of their length since 1970, so that all processes have the same. */
export type Policy = { limit: number; windowSeconds: number };

export type Verdict = Policy & {
  name: LimitName;
  isAllowed: boolean;
  remaining: number;
  /** Until the window is over, rounded up. */
  resetSeconds: number;
};

type Options = {
  /** Looked at each time: limits may change meanwhile. */
  policies: { readonly [Name in LimitName]?: Policy | undefined };
  /** Adds to what all processes have spent, and returns that; undefined: this process is the only one. */
  settle: ((rows: Spent[]) => Promise<Total[]>) | undefined;
  logger: Logger;
  now?: () => number;
};

type Spending = {
  name: LimitName;
  subject: string;
  windowStartMs: number;
  /** By all processes, when it was last settled. */
  known: number;
  /** By this process since. */
  pending: number;
};

const SETTLE_MS = 1_000;
const MOST_SUBJECTS = 50_000;
/** A process spends this part of what is left before it asks what others have spent: more than that is never off. */
const SHARES = 16;
/** However many requests wait for the same settlement, each decides in the end. */
const MOST_SETTLEMENTS = 5;

/**
 * Limits what subjects (addresses, users, keys) may spend in a window of time, all processes together. A process
 * spends from its share in memory and settles with the others once a second, or earlier when its share is used up:
 * there is no write per request but for the last few before the limit.
 */
export class RateLimiter {
  readonly #options: Options;
  readonly #now: () => number;
  readonly #spendings = new LRUCache<string, Spending>({ max: MOST_SUBJECTS });
  readonly #unsettled = new Set<Spending>();
  #settling: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Spends that much unless it is too much. Undefined when nothing is limited by this name. */
  async spend(subject: string, name: LimitName, amount = 1): Promise<Verdict | undefined> {
    const policy = this.#options.policies[name];
    if (!policy) return undefined;
    for (let settlements = 0; ; settlements += 1) {
      const spending = this.#spendingOf(subject, name, policy);
      const left = policy.limit - spending.known;
      if (spending.pending + amount > left) return this.#verdict(spending, policy, false);
      const share = Math.max(amount, Math.floor(left / SHARES));
      const mayDecide = !this.#options.settle || spending.pending + amount <= share;
      if (mayDecide || settlements >= MOST_SETTLEMENTS) {
        this.#note(spending, amount);
        return this.#verdict(spending, policy, true);
      }
      await this.#settleNow();
    }
  }

  /** Whether anything is left, as far as this process knows. */
  look(subject: string, name: LimitName): Verdict | undefined {
    const policy = this.#options.policies[name];
    if (!policy) return undefined;
    const spending = this.#spendingOf(subject, name, policy);
    return this.#verdict(spending, policy, spending.known + spending.pending < policy.limit);
  }

  /** What is known only afterwards; it may go beyond the limit. */
  charge(subject: string, name: LimitName, amount: number): void {
    const policy = this.#options.policies[name];
    if (policy && amount > 0) this.#note(this.#spendingOf(subject, name, policy), amount);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#settleNow();
  }

  #spendingOf(subject: string, name: LimitName, { windowSeconds }: Policy): Spending {
    const key = `${name} ${subject}`;
    const windowMs = 1000 * windowSeconds;
    const windowStartMs = Math.floor(this.#now() / windowMs) * windowMs;
    const known = this.#spendings.get(key);
    if (known?.windowStartMs === windowStartMs) return known;
    const spending = { name, subject, windowStartMs, known: 0, pending: 0 };
    this.#spendings.set(key, spending);
    return spending;
  }

  #note(spending: Spending, amount: number): void {
    spending.pending += amount;
    if (!this.#options.settle) return;
    this.#unsettled.add(spending);
    this.#timer ??= setTimeout(() => this.#settleNow(), SETTLE_MS).unref();
  }

  #settleNow(): Promise<void> {
    this.#settling ??= this.#settle().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  async #settle(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { settle, policies, logger } = this.#options;
    const spendings = [...this.#unsettled];
    if (!settle || spendings.length === 0) return;
    this.#unsettled.clear();
    const rows = spendings.map(({ name, subject, windowStartMs, pending }) => ({
      limitName: name,
      subject,
      windowStartMs,
      windowMs: 1000 * (policies[name]?.windowSeconds ?? 0),
      amount: pending,
    }));
    try {
      const totals = await settle(rows);
      const spent = new Map(
        totals.map(row => [keyOf(row.limitName, row.subject, row.windowStartMs), row.spent]),
      );
      for (const [index, spending] of spendings.entries()) {
        const { name, subject, windowStartMs } = spending;
        spending.known = spent.get(keyOf(name, subject, windowStartMs)) ?? spending.known;
        // More may have come meanwhile.
        spending.pending -= rows[index]?.amount ?? 0;
      }
    } catch (error) {
      // Each process goes on by what it knows, and tells the others later.
      for (const spending of spendings) this.#unsettled.add(spending);
      this.#timer ??= setTimeout(() => this.#settleNow(), SETTLE_MS).unref();
      logger.warn({ err: error }, 'what was spent of the limits could not be shared yet');
    }
  }

  #verdict({ name, windowStartMs, known, pending }: Spending, policy: Policy, isAllowed: boolean): Verdict {
    const endMs = windowStartMs + 1000 * policy.windowSeconds;
    return {
      ...policy,
      name,
      isAllowed,
      remaining: Math.max(0, policy.limit - known - pending),
      resetSeconds: Math.max(1, Math.ceil((endMs - this.#now()) / 1000)),
    };
  }
}

const keyOf = (name: string, subject: string, windowStartMs: number) => `${name} ${subject} ${windowStartMs}`;
