import type { Logger } from '../logger.ts';

type Options = {
  /** Undefined: no limit. Looked at each time. */
  readonly limit: number | undefined;
  /** Tells other processes what runs here, and returns what runs there; undefined: this process is the only one. */
  share: ((running: Map<string, number>) => Promise<Map<string, number>>) | undefined;
  logger: Logger;
};

const SHARE_MS = 1_000;
/** Before what others know of this process counts no more. */
const HEARTBEAT_MS = 10_000;
/** As in RateLimiter. */
const SHARES = 16;

/** Limits how much each subject has running at once, all processes together, by what they tell each other once a second. */
export class RunningLimiter {
  readonly #options: Options;
  readonly #own = new Map<string, number>();
  readonly #others = new Map<string, number>();
  /** Begun here since the others were last asked. */
  readonly #begun = new Map<string, number>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #sharing: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
    if (options.share)
      this.#heartbeat = setInterval(() => {
        for (const subject of this.#own.keys()) this.#note(subject);
      }, HEARTBEAT_MS).unref();
  }

  /** @returns what ends it, or undefined when the subject has too much running. */
  async begin(subject: string): Promise<(() => void) | undefined> {
    const { limit, share } = this.#options;
    if (limit === undefined) return () => {};
    const left = () => limit - this.#runningOf(subject);
    const mayDecide = () => (this.#begun.get(subject) ?? 0) < Math.max(1, Math.floor(left() / SHARES));
    if (share && (left() <= 0 || !mayDecide())) {
      this.#changed.add(subject);
      await this.#shareNow();
    }
    if (left() <= 0) return undefined;
    this.#add(subject, 1);
    this.#begun.set(subject, (this.#begun.get(subject) ?? 0) + 1);
    let isOver = false;
    return () => {
      if (!isOver) this.#add(subject, -1);
      isOver = true;
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#timer);
    await this.#shareNow();
  }

  #runningOf(subject: string): number {
    return (this.#own.get(subject) ?? 0) + (this.#others.get(subject) ?? 0);
  }

  #add(subject: string, change: number): void {
    const count = (this.#own.get(subject) ?? 0) + change;
    if (count > 0) this.#own.set(subject, count);
    else this.#own.delete(subject);
    this.#note(subject);
  }

  #note(subject: string): void {
    if (!this.#options.share) return;
    this.#changed.add(subject);
    this.#timer ??= setTimeout(() => this.#shareNow(), SHARE_MS).unref();
  }

  #shareNow(): Promise<void> {
    this.#sharing ??= this.#share().finally(() => {
      this.#sharing = undefined;
    });
    return this.#sharing;
  }

  async #share(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { share, logger } = this.#options;
    const subjects = [...this.#changed];
    if (!share || subjects.length === 0) return;
    this.#changed.clear();
    try {
      const others = await share(new Map(subjects.map(subject => [subject, this.#own.get(subject) ?? 0])));
      for (const subject of subjects) {
        this.#begun.delete(subject);
        const count = others.get(subject) ?? 0;
        if (count > 0) this.#others.set(subject, count);
        else this.#others.delete(subject);
      }
    } catch (error) {
      for (const subject of subjects) this.#note(subject);
      logger.warn({ err: error }, 'what runs could not be shared with other processes yet');
    }
  }
}
